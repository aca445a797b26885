import { useToast } from '@nuxt/ui/composables'
import { useRouter } from 'vue-router'
import { useRunsStore } from '../stores/runs.ts'
import { useSystemStore } from '../stores/system.ts'
import { createEndings, endingNote } from './run-endings.ts'
import { useNotifications } from './use-notifications.ts'

/** Announces runs that end: those that end within a short time in one note, which takes the place of the one before. */
export function useRunEndings(): void {
  const router = useRouter()
  const toast = useToast()
  const system = useSystemStore()
  const notifications = useNotifications()
  let shown: string | number | undefined

  const announce = createEndings((ended) => {
    const { title, description, icon, bad, link } = endingNote(ended)
    const open = () => void router.push(link.to)
    notifications.notify(title, description, `run-${ended[0]!.id}`, open)
    if (ended.length > 1 && shown !== undefined) toast.remove(shown)
    shown = toast.add({
      title,
      description,
      icon,
      color: bad ? 'error' : 'success',
      actions: [{ label: link.label, color: 'neutral', variant: 'outline', onClick: open }],
    }).id
    system.loadInfo().catch(() => undefined)
  })
  useRunsStore().onEnded(announce)
}
