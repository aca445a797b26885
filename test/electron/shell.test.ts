import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { shortcuts } from '../../src-main/contract/shortcuts.ts'
import { createServices } from '../../src-main/services/create-services.ts'
import type { ShellFacts } from './double/run-shell.ts'
import { runShell, type Alterations } from './double/shell.ts'

/*
 * The built shell against a double of Electron (see double/electron.ts). The real program is tested by smoke.mjs, on a
 * machine that has its binary.
 */

/** Everything that would be wrong with a shell, in words; empty for a good one. */
function faults(facts: ShellFacts): string[] {
  const { webPreferences: preferences } = facts
  const wrong: [boolean, string][] = [
    [!facts.sandboxForAll || preferences['sandbox'] !== true, 'the sandbox is off'],
    [preferences['contextIsolation'] !== true, 'the preload script shares the world of the page'],
    [preferences['nodeIntegration'] !== false, 'the page has Node'],
    [preferences['webviewTag'] !== false, 'the page may embed web views'],
    [facts.exposed.join() !== 'palate', `the page sees ${facts.exposed.join() || 'nothing'}`],
    [
      Object.keys(facts.bridge).join() !== 'host,platform,requestPort,showProgress,pathForFile',
      `the bridge has ${Object.keys(facts.bridge).join()}`,
    ],
    [typeof facts.info === 'string', `the engine gives: ${String(facts.info)}`],
    [Object.values(facts.forged).some((count) => count > 0), 'a foreign sender got a port'],
  ]
  return wrong.filter(([isWrong]) => isWrong).map(([, text]) => text)
}

describe('the shell as it is', () => {
  let facts: ShellFacts & { workspace: string }
  beforeAll(async () => {
    const workspace = await mkdtemp(path.join(os.tmpdir(), 'palate-shell-'))
    await mkdir(path.join(workspace, 'user-data'))
    const state = { bounds: { x: 200, y: 100, width: 900, height: 600 }, maximized: false }
    await writeFile(path.join(workspace, 'user-data/window.json'), JSON.stringify(state))
    facts = await runShell({}, workspace)
  })

  it('has no fault', () => {
    expect(faults(facts)).toEqual([])
  })

  it('brings the page’s calls to the engine and its answers back', () => {
    expect(facts.info).toMatchObject({ host: 'electron', workspace: facts.workspace })
  })

  it('shows the page under its policy without a complaint', () => {
    expect(facts.complaints).toEqual([])
    expect(facts.title).toMatch(/Palate/)
    expect(facts.policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(facts.policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|https?:|\*/)
  })

  it('gives its scheme no more privileges than a page needs', () => {
    expect(facts.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ])
  })

  it('serves the page and nothing beside it', () => {
    expect(Object.entries(facts.served).filter(([, status]) => status === 200)).toEqual([
      ['/index.html', 200],
      ['/', 200],
    ])
    expect(Object.keys(facts.served).length).toBeGreaterThan(8)
  })

  it('gives a port to the main frame of its own page and to no other sender', () => {
    expect(facts.forged).toEqual({ foreign: 0, child: 0, twin: 0, neighbour: 0, gone: 0, 'with an argument': 0 })
  })

  it('lets the page go nowhere, and opens only listed addresses, in the browser', () => {
    const allowed = Object.entries(facts.navigation).filter(([, outcome]) => outcome !== 'prevented' && outcome !== 'deny')
    expect(allowed).toEqual([['will-navigate app://palate/index.html#/runs', 'allowed']])
    expect(facts.openedExternally).toEqual(['https://grouplens.org/datasets/movielens/'])
  })

  it('denies every permission but writing text to the clipboard and notifications', () => {
    expect(Object.entries(facts.permissions).filter(([, granted]) => granted)).toEqual([
      ['request notifications', true],
      ['check notifications', true],
      ['request clipboard-sanitized-write', true],
      ['check clipboard-sanitized-write', true],
    ])
  })

  it('cancels every request that leaves the program', () => {
    expect(Object.entries(facts.network).filter(([, passes]) => passes)).toEqual([
      ['app://palate/index.html', true],
      ['blob:app://palate/1', true],
    ])
  })

  it('has the shortcuts of the window in its menus, and leads the page where they say', () => {
    const wanted = shortcuts.flatMap(({ title, accelerator }) => (accelerator ? [[title, accelerator]] : []))
    expect([...facts.menu].sort()).toEqual(wanted.sort())
    expect(facts.ledByMenu).toBe('#/runs')
  })

  it('shows progress on the taskbar, and nothing that is no share', () => {
    expect(facts.progress).toEqual([0.25, -1])
  })

  it('opens where it was left, and remembers how it is left', () => {
    expect(facts.openedAt).toEqual({ x: 200, width: 900 })
    expect(facts.leftAt).toEqual({ bounds: { x: 40, y: 30, width: 1000, height: 700 }, maximized: true })
  })

  it('has one window however often it is started, and stops the engine before it leaves', () => {
    expect([facts.windows, facts.focusedBySecondStart, facts.engineStopped]).toEqual([1, 1, true])
    expect(facts.errorBoxes).toEqual([])
  })
})

describe('a shell with a fault is found out', () => {
  const expose = 'electron.contextBridge.exposeInMainWorld('
  const cases: [string, Alterations, string[]][] = [
    [
      'sandbox off, Node and web views in the page, senders that are not checked, ipcRenderer exposed, one more member',
      {
        main: [
          ['sandbox: true', 'sandbox: false'],
          ['nodeIntegration: false', 'nodeIntegration: true'],
          ['webviewTag: false', 'webviewTag: true'],
          ['frame.origin === ', 'frame.origin !== '],
        ],
        preload: [
          [expose, `${expose}"ipc", electron.ipcRenderer); ${expose}`],
          ['host: "electron"', 'host: "electron", send: electron.ipcRenderer.send'],
        ],
      },
      [
        'the sandbox is off',
        'the page has Node',
        'the page may embed web views',
        'the page sees ipc,palate',
        'the bridge has host,send,platform,requestPort,showProgress,pathForFile',
        'the engine gives: no answer',
        'a foreign sender got a port',
      ],
    ],
    [
      'no isolation',
      { main: [['contextIsolation: true', 'contextIsolation: false']] },
      ['the preload script shares the world of the page'],
    ],
    [
      'a preload script that needs fs',
      { preload: [['let electron =', 'require("fs"); let electron =']] },
      ['the page sees nothing', 'the engine gives: the page has no bridge'],
    ],
    ['a main process that does not listen', { main: [['palate:request-port', 'palate:other']] }, ['the engine gives: no answer']],
  ]

  it.each(cases)('%s', async (_what, alter, expected) => {
    expect(faults(await runShell(alter))).toEqual(expect.arrayContaining(expected))
  })
})

it('a shell that cannot have its workspace says so in a box and opens no window', async () => {
  const workspace = await mkdtemp(path.join(os.tmpdir(), 'palate-shell-'))
  const owner = await createServices({ workspaceDir: workspace, host: 'test', version: '0.0.0', trainerEntry: '' })
  try {
    await expect(runShell({}, workspace)).rejects.toThrow(`The workspace ${workspace} is already open in `)
  } finally {
    await owner.close()
  }
})
