import { shortcutOf } from '../../src-main/contract/shortcuts.ts'

const icons = {
  '/': 'i-lucide-house',
  '/datasets': 'i-lucide-database',
  '/train': 'i-lucide-flask-conical',
  '/runs': 'i-lucide-chart-line',
  '/benchmarks': 'i-lucide-trophy',
  '/models': 'i-lucide-boxes',
  '/builder': 'i-lucide-workflow',
  '/live': 'i-lucide-thumbs-up',
  '/settings': 'i-lucide-settings-2',
} as const

/** The pages of the rail, in its order; the command menu and the shortcuts list know the same ones. */
export const pages = Object.entries(icons).map(([to, icon]) => {
  const { title, keys } = shortcutOf(`go ${to}`)!
  return { to, label: title, icon, keys: keys.split(' ') }
})
