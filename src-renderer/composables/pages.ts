/** The pages of the rail, in its order; the command menu and the shortcuts list know the same ones. */
export const pages = [
  { to: '/', label: 'Start', icon: 'i-lucide-house', keys: ['g', 's'] },
  { to: '/datasets', label: 'Data sets', icon: 'i-lucide-database', keys: ['g', 'd'] },
  { to: '/train', label: 'Train', icon: 'i-lucide-flask-conical', keys: ['g', 't'] },
  { to: '/runs', label: 'Runs', icon: 'i-lucide-chart-line', keys: ['g', 'r'] },
  { to: '/benchmarks', label: 'Benchmarks', icon: 'i-lucide-trophy', keys: ['g', 'b'] },
  { to: '/models', label: 'Models', icon: 'i-lucide-boxes', keys: ['g', 'm'] },
  { to: '/builder', label: 'Builder', icon: 'i-lucide-workflow', keys: ['g', 'a'] },
  { to: '/live', label: 'Live', icon: 'i-lucide-thumbs-up', keys: ['g', 'l'] },
  { to: '/settings', label: 'Settings', icon: 'i-lucide-settings-2', keys: ['g', ','] },
] as const
