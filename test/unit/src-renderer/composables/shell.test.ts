import { describe, expect, it } from 'vitest'
import { shortcuts } from '../../../../src-main/contract/shortcuts.ts'
import { isCommandMessage } from '../../../../src-main/contract/bridge.ts'
import { keyCaps, menuCaps } from '../../../../src-renderer/composables/key-caps.ts'
import { pages } from '../../../../src-renderer/composables/pages.ts'
import { overallShare } from '../../../../src-renderer/composables/run-state.ts'

describe('the table of shortcuts', () => {
  it('gives no key and no accelerator to two of them', () => {
    const bound = shortcuts.filter((one) => !one.boundBy)
    for (const of of ['id', 'keys', 'accelerator'] as const) {
      const values = bound.flatMap((one) => one[of] ?? [])
      expect(new Set(values).size, of).toBe(values.length)
    }
  })

  it('names every page of the rail', () => {
    expect(pages.map((page) => `${page.label} ${page.keys.join('')} ${page.to}`)).toEqual([
      'Start gs /',
      'Data sets gd /datasets',
      'Train gt /train',
      'Runs gr /runs',
      'Benchmarks gb /benchmarks',
      'Models gm /models',
      'Builder ga /builder',
      'Live gl /live',
      'Settings g, /settings',
    ])
  })

  it('is drawn as keys: one after the other, both together, or a row of them', () => {
    const text = (keys: string, mac = false) =>
      keyCaps(keys, mac)
        .map(({ text: one, cap }) => (cap ? `[${one}]` : one))
        .join(' ')
    expect(text('g d')).toBe('[g] then [d]')
    expect(text('mod+k')).toBe('[Ctrl] [K]')
    expect(text('mod+k', true)).toBe('[⌘] [K]')
    expect(text('1 … 0')).toBe('[1] to [0]')
    expect(text('L D S')).toBe('[L] [D] [S]')
    expect(text('P')).toBe('[⇧ P]')
    expect(menuCaps('CmdOrCtrl+Shift+P', false)).toBe('Ctrl+Shift+P')
  })
})

describe('the progress of everything', () => {
  const run = (state: 'running' | 'queued' | 'paused', updatesDone: number, updatesTotal: number) => ({
    state,
    updatesDone,
    updatesTotal,
  })

  it('counts updates of what trains and waits, not of what is paused', () => {
    expect(overallShare([run('running', 50, 100), run('queued', 0, 100), run('paused', 90, 100)])).toBe(0.25)
  })

  it('is not known while nothing trains', () => {
    expect(overallShare([])).toBeNull()
    expect(overallShare([run('queued', 0, 100)])).toBeNull()
  })
})

it('a message of the desktop window is taken only when it is one', () => {
  expect(isCommandMessage({ kind: 'palate:command', command: 'import' })).toBe(true)
  for (const other of [
    null,
    'palate:command',
    { kind: 'palate:command' },
    { kind: 'other', command: 'import' },
    { kind: 'palate:command', command: 1 },
  ])
    expect(isCommandMessage(other)).toBe(false)
})
