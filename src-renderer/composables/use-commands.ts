import { computed, type ComputedRef } from 'vue'
import { useRouter } from 'vue-router'
import type { CommandPaletteItem } from '@nuxt/ui'
import { shortcutOf } from '../../src-main/contract/shortcuts.ts'
import { useBackupsStore } from '../stores/backups.ts'
import { useDownloadsStore } from '../stores/downloads.ts'
import { useQueueStore } from '../stores/queue.ts'
import { useRunsStore } from '../stores/runs.ts'
import { useSystemStore } from '../stores/system.ts'
import { useTour } from './tour.ts'
import { useDownload } from './use-download.ts'
import { useFailure } from './use-failure.ts'
import { useSampleLab } from './use-sample-lab.ts'
import { useTheme } from './use-theme.ts'

/** What the command palette can do, beside leading somewhere. `close` puts the palette away first. */
export function useCommands(close: () => void, showShortcuts: () => void): ComputedRef<CommandPaletteItem[]> {
  const router = useRouter()
  const queue = useQueueStore()
  const runs = useRunsStore()
  const system = useSystemStore()
  const download = useDownload()
  const lab = useSampleLab()
  const tour = useTour()
  const { theme, dark } = useTheme()
  const { attempt } = useFailure()

  const command = (label: string, icon: string, run: () => unknown, shortcut?: string): CommandPaletteItem => ({
    label,
    icon,
    ...(shortcut ? { kbds: shortcutOf(shortcut)!.keys.split(' ') } : {}),
    onSelect: () => {
      close()
      void run()
    },
  })
  function show(next: 'light' | 'dark' | 'system') {
    theme.value = next
    system.change({ theme: next }).catch(() => undefined)
  }
  const exportRuns = () =>
    attempt('The table was not exported', () => download.save('palate-runs.csv', (signal) => runs.exportTable(undefined, signal)))
  async function backUp() {
    await router.push('/settings')
    await useBackupsStore().make('')
  }

  return computed(() => [
    command('Import data', 'i-lucide-upload', () => router.push('/datasets/import'), 'import'),
    command('Get MovieLens', 'i-lucide-download', () => useDownloadsStore().show()),
    command('Open the sample lab', 'i-lucide-sparkles', () => lab.open()),
    command('New live session', 'i-lucide-thumbs-up', () => router.push('/live/new')),
    command('New duel of two policies', 'i-lucide-swords', () => router.push('/live/duel/new')),
    command('Ask whether dislikes matter', 'i-lucide-thumbs-down', () => router.push('/live/genre-test')),
    command('Ask whether liked genres rise', 'i-lucide-thumbs-up', () => router.push('/live/genre-test?question=favourites')),
    command('Let simulated users compare policies', 'i-lucide-users-round', () => router.push('/live/batch')),
    queue.state.held
      ? command('Resume all runs', 'i-lucide-play', () => attempt('The queue was not resumed', queue.resumeAll), 'hold')
      : command('Pause all runs', 'i-lucide-pause', () => attempt('The queue was not paused', queue.pauseAll), 'hold'),
    command('Clear ended runs off the queue', 'i-lucide-list-x', () => attempt('The list was not cleared', queue.clearEnded)),
    command('Export runs as CSV', 'i-lucide-file-spreadsheet', exportRuns),
    command('Back up the workspace', 'i-lucide-archive', backUp),
    command('Run the self-test', 'i-lucide-stethoscope', () => router.push('/settings')),
    dark.value
      ? command('Switch to the light theme', 'i-lucide-sun', () => show('light'))
      : command('Switch to the dark theme', 'i-lucide-moon', () => show('dark')),
    command('Follow the theme of the system', 'i-lucide-monitor', () => show('system')),
    command('Take the tour', 'i-lucide-signpost', () => tour.start()),
    command('Keyboard shortcuts', 'i-lucide-keyboard', showShortcuts, 'shortcuts'),
  ])
}
