/** Where a shortcut is listed. */
export type ShortcutGroup =
  'Go to' | 'Anywhere' | 'Training' | 'In a live session' | 'In a duel of two policies' | 'In a table of runs' | 'In the queue'

export interface Shortcut {
  /** What it does; the window binds it by this name. */
  readonly id: string
  readonly title: string
  readonly group: ShortcutGroup
  /** As they are typed: one key, "mod+k" (Ctrl, or Cmd on a Mac), or two keys one after the other, "g d". */
  readonly keys: string
  /** In the menu of the desktop window, in Electron's words; a browser keeps these for itself. */
  readonly accelerator?: string
  /** Left out where the window binds it. For keys that belong to a page or a control, and are listed only. */
  readonly boundBy?: 'page'
}

const page = (id: string, title: string, key: string, accelerator: string): Shortcut => ({
  id: `go ${id}`,
  title,
  group: 'Go to',
  keys: `g ${key}`,
  accelerator,
})
const listed = (group: ShortcutGroup, title: string, keys: string): Shortcut => ({
  id: `${group}: ${title}`,
  title,
  group,
  keys,
  boundBy: 'page',
})

/**
 * Every shortcut there is. The window binds them from here, the list under "?" and the menus of the desktop window are made from
 * here: what is not here does not exist, and what is listed works.
 */
export const shortcuts: readonly Shortcut[] = [
  page('/', 'Start', 's', 'CmdOrCtrl+1'),
  page('/datasets', 'Data sets', 'd', 'CmdOrCtrl+2'),
  page('/train', 'Train', 't', 'CmdOrCtrl+3'),
  page('/runs', 'Runs', 'r', 'CmdOrCtrl+4'),
  page('/benchmarks', 'Benchmarks', 'b', 'CmdOrCtrl+5'),
  page('/models', 'Models', 'm', 'CmdOrCtrl+6'),
  page('/builder', 'Builder', 'a', 'CmdOrCtrl+7'),
  page('/live', 'Live', 'l', 'CmdOrCtrl+8'),
  page('/settings', 'Settings', ',', 'CmdOrCtrl+,'),
  { id: 'commands', title: 'Search and commands', group: 'Anywhere', keys: 'mod+k' },
  { id: 'import', title: 'Import data', group: 'Anywhere', keys: 'i', accelerator: 'CmdOrCtrl+I' },
  { id: 'search', title: 'Jump to the page’s search field', group: 'Anywhere', keys: '/' },
  { id: 'shortcuts', title: 'Keyboard shortcuts', group: 'Anywhere', keys: '?', accelerator: 'CmdOrCtrl+/' },
  listed('Anywhere', 'Close a dialog', 'Esc'),
  { id: 'hold', title: 'Pause all, resume all', group: 'Training', keys: 'P', accelerator: 'CmdOrCtrl+Shift+P' },
  listed('In the queue', 'Move a run up, down', 'Alt+↑ Alt+↓'),
  listed('In the queue', 'To the front, to the end', 'Alt+Home Alt+End'),
  listed('In a live session', 'Like, dislike, skip', 'L D S'),
  listed('In a live session', 'With one card: dislike, like', '← →'),
  listed('In a live session', 'With one card: rate it; with several: go to a card', '1 … 0'),
  listed('In a live session', 'Send what was said', 'Enter'),
  listed('In a live session', 'Take the last answer back', 'U'),
  listed('In a live session', 'Leave', 'X'),
  listed('In a live session', 'Close a what-if', 'Esc'),
  listed('In a duel of two policies', 'Go to an item', '1 … 0'),
  listed('In a duel of two policies', 'Like, dislike', 'L D'),
  listed('In a duel of two policies', 'The left, the right is better', '← →'),
  listed('In a duel of two policies', 'As good as each other', '='),
  listed('In a duel of two policies', 'Next step, where likes decide', 'Enter'),
  listed('In a duel of two policies', 'Undo, end', 'U X'),
  listed('In a table of runs', 'Next, previous run', '↓ ↑'),
  listed('In a table of runs', 'Open', 'Enter'),
  listed('In a table of runs', 'Select', 'Space'),
  listed('In a table of runs', 'Open, close a group of seeds', '→ ←'),
  listed('In a table of runs', 'Pin as baseline', 'B'),
  listed('In a table of runs', 'Tags and notes', 'T'),
  listed('In a table of runs', 'Delete', 'Del'),
]

export function shortcutOf(id: string): Shortcut | undefined {
  return shortcuts.find((one) => one.id === id)
}
