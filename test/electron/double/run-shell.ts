/**
 * Starts the built main bundle against the double, looks at what it did, and prints that as one JSON document.
 *
 *   node --import ./hooks.mjs run-shell.ts        (PALATE_DOUBLE_ALTER alters the bundles, PALATE_WORKSPACE is its workspace)
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { createDriver } from './driver.ts'
import { app, BrowserWindow, Frame, ipcMain, recorded, type MenuItem } from './electron.ts'

export interface ShellFacts {
  readonly sandboxForAll: boolean
  readonly schemes: typeof recorded.schemes
  readonly webPreferences: Readonly<Record<string, unknown>>
  /** Names that a page without scripts finds in its world beyond what Chromium puts there. */
  readonly exposed: string[]
  readonly bridge: Readonly<Record<string, string>>
  readonly info: { host?: string; workspace?: string } | string
  readonly title: string
  readonly complaints: string[]
  /** Senders that must get no port, and how many they got. */
  readonly forged: Readonly<Record<string, number>>
  readonly navigation: Readonly<Record<string, string>>
  readonly openedExternally: string[]
  readonly permissions: Readonly<Record<string, boolean>>
  readonly network: Readonly<Record<string, boolean>>
  /** Status by address of the app scheme. */
  readonly served: Readonly<Record<string, number>>
  readonly policy: string
  readonly focusedBySecondStart: number
  /** Label and accelerator of everything in the menus that has one. */
  readonly menu: readonly (readonly [label: string, accelerator: string])[]
  /** Where the page was after "Runs" was chosen in the menu. */
  readonly ledByMenu: string
  /** What the page's progress became on the taskbar; wrong values among what it sent. */
  readonly progress: readonly number[]
  readonly openedAt: Readonly<Record<string, number | undefined>>
  readonly leftAt: unknown
  readonly windows: number
  readonly errorBoxes: string[]
  readonly engineStopped: boolean
}

const alter = JSON.parse(process.env['PALATE_DOUBLE_ALTER'] ?? '{}') as { preload?: [string, string][] }
const limitMs = 10_000

/** `typeof` of every member of the bridge, or why there is none. */
const readBridge = `Object.fromEntries(Object.entries(window.palate ?? {}).map(([name, member]) => [name, typeof member]))`

/** One call through the whole way: page, preload, main process, port, engine process. */
const callInfo = `new Promise((resolve) => {
  if (!window.palate) return resolve('the page has no bridge')
  setTimeout(() => resolve('no answer'), 4000)
  addEventListener('message', ({ data, ports: [port] }) => {
    if (data !== 'palate:port' || !port) return
    port.onmessage = ({ data }) => resolve(JSON.parse(data).p.b.json)
    port.postMessage(JSON.stringify({ i: '1', p: { u: '/system/info', b: { json: null } } }))
  })
  window.palate.requestPort()
})`

const driver = await createDriver((source) =>
  (alter.preload ?? []).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The preload script does not hold: ${from}`)
    return text.replace(from, () => to)
  }, source),
)
try {
  await import(path.join(import.meta.dirname, '../../../out/main/electron.js'))
  const window = await firstWindow()
  process.stdout.write(JSON.stringify(await look(window)))
} finally {
  await driver.close()
}
process.exit(0)

async function firstWindow(): Promise<BrowserWindow> {
  const deadline = Date.now() + limitMs
  while (Date.now() < deadline) {
    if (recorded.windows[0]) return recorded.windows[0]
    if (recorded.errorBoxes.length > 0) throw new Error(recorded.errorBoxes.join('\n'))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('The shell opened no window.')
}

async function look(window: BrowserWindow): Promise<ShellFacts> {
  const { page, complaints } = await driver.shown(window)
  // Before the other page: what is sent to the window reaches the page that was opened last.
  const ledByMenu = await chooseRuns(page)
  const blank = await driver.openBlank(window)
  const facts = {
    sandboxForAll: recorded.sandboxForAll,
    schemes: recorded.schemes,
    webPreferences: { ...window.options.webPreferences, preload: path.basename(window.options.webPreferences.preload) },
    exposed: await exposedNames(blank),
    bridge: (await blank.evaluate(readBridge)) as Record<string, string>,
    info: (await blank.evaluate(callInfo)) as ShellFacts['info'],
    title: await page.title(),
    complaints,
    forged: await forgedRequests(window),
    navigation: navigate(window),
    openedExternally: recorded.openedExternally,
    permissions: permissions(window),
    network: network(),
    served: await served(),
    policy: (await request('app://palate/index.html')).headers.get('content-security-policy') ?? '',
    focusedBySecondStart: secondStart(window),
    menu: allItems(recorded.menu).flatMap(({ label, accelerator }) =>
      label && accelerator ? [[label, accelerator] as const] : [],
    ),
    ledByMenu,
    progress: await progressOf(page, window),
    openedAt: { x: window.options.x, width: window.options.width },
    leftAt: leave(window),
    windows: recorded.windows.length,
    errorBoxes: recorded.errorBoxes,
  }
  return { ...facts, engineStopped: await quit() }
}

/** Compared with a page of the same origin that never saw the preload script. */
async function exposedNames(page: Page): Promise<string[]> {
  const names = 'Object.getOwnPropertyNames(window)'
  const plain = await driver.openPlain()
  const usual = new Set((await plain.evaluate(names)) as string[])
  return ((await page.evaluate(names)) as string[]).filter((name) => !usual.has(name))
}

async function forgedRequests(window: BrowserWindow): Promise<Record<string, number>> {
  const own = window.webContents.mainFrame
  const foreign = new Frame('https://evil.test')
  const child = new Frame('app://palate', own)
  const twin = new Frame('app://palate')
  const neighbour = new Frame('app://palate.evil.test')
  const gone = null
  const senders = { foreign, child, twin, neighbour, gone }
  for (const senderFrame of Object.values(senders)) {
    ipcMain.emit('palate:request-port', { sender: window.webContents, senderFrame })
  }
  const before = own.posted.length
  ipcMain.emit('palate:request-port', { sender: window.webContents, senderFrame: own }, 'an argument')
  // Frames that took the place of the main frame after navigating elsewhere.
  window.webContents.mainFrame = foreign
  ipcMain.emit('palate:request-port', { sender: window.webContents, senderFrame: foreign })
  window.webContents.mainFrame = own
  await new Promise((resolve) => setTimeout(resolve, 200))
  const counts = Object.entries(senders).map(([name, frame]) => [name, frame?.posted.length ?? 0])
  return { ...Object.fromEntries(counts), 'with an argument': own.posted.length - before }
}

function navigate({ webContents }: BrowserWindow): Record<string, string> {
  const outcome = (event: string, url: string) => {
    let prevented = false
    webContents.emit(event, { url, preventDefault: () => (prevented = true) }, url)
    return prevented ? 'prevented' : 'allowed'
  }
  const addresses = [
    'https://evil.test/',
    'file:///etc/passwd',
    'app://palate.evil/index.html',
    'app://palate/other.html',
    'data:text/html,x',
    'app://palate/index.html#/runs',
  ]
  const open = [
    'https://evil.test/',
    'file:///etc/passwd',
    'https://grouplens.org/datasets/movielens/',
    'https://grouplens.org.evil.test/datasets/',
  ]
  return {
    ...Object.fromEntries(addresses.map((url) => [`will-navigate ${url}`, outcome('will-navigate', url)])),
    'will-frame-navigate https://evil.test/': outcome('will-frame-navigate', 'https://evil.test/'),
    'will-redirect https://evil.test/': outcome('will-redirect', 'https://evil.test/'),
    'will-attach-webview': outcome('will-attach-webview', ''),
    ...Object.fromEntries(open.map((url) => [`open ${url}`, webContents.openHandler({ url }).action])),
  }
}

function permissions({ webContents }: BrowserWindow): Record<string, boolean> {
  const request = recorded.handlers['permissionRequest'] as unknown as (
    from: unknown,
    name: string,
    done: (ok: boolean) => void,
  ) => void
  const check = recorded.handlers['permissionCheck'] as unknown as (from: unknown, name: string, origin: string) => boolean
  const device = recorded.handlers['devicePermission'] as unknown as (details: unknown) => boolean
  const display = recorded.handlers['displayMedia'] as unknown as (request: unknown, done: (streams: object) => void) => void
  const names = [
    'media',
    'geolocation',
    'notifications',
    'fullscreen',
    'openExternal',
    'clipboard-read',
    'hid',
    'clipboard-sanitized-write',
  ]
  const results: Record<string, boolean> = {}
  for (const name of names) {
    request(webContents, name, (granted) => (results[`request ${name}`] = granted))
    results[`check ${name}`] = check(webContents, name, 'app://palate/')
  }
  request({ getURL: () => 'https://evil.test/' }, 'clipboard-sanitized-write', (ok) => (results['request of another page'] = ok))
  results['check of another page'] = check(webContents, 'clipboard-sanitized-write', 'https://evil.test/')
  results['device'] = device({})
  display({}, (streams) => (results['display'] = Object.keys(streams).length > 0))
  return results
}

function network(): Record<string, boolean> {
  const rule = recorded.handlers['beforeRequest'] as unknown as (
    details: { url: string },
    done: (verdict: { cancel: boolean }) => void,
  ) => void
  const urls = [
    'https://evil.test/',
    'http://127.0.0.1/',
    'ws://evil.test/',
    'file:///etc/passwd',
    'ftp://evil.test/',
    'app://palate/index.html',
    'blob:app://palate/1',
  ]
  const results: Record<string, boolean> = {}
  for (const url of urls) rule({ url }, ({ cancel }) => (results[url] = !cancel))
  return results
}

function request(url: string, method = 'GET'): Promise<Response> {
  return (recorded.handlers['protocol app'] as unknown as (request: Request) => Promise<Response>)(new Request(url, { method }))
}

async function served(): Promise<Record<string, number>> {
  const paths = [
    '/index.html',
    '/',
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/..%5cpackage.json',
    '/index.html%00',
    '/assets',
    '//etc/passwd',
  ]
  const results: Record<string, number> = {}
  for (const target of paths) results[target] = (await request(`app://palate${target}`)).status
  results['app://other/index.html'] = (await request('app://other/index.html')).status
  results['POST /index.html'] = (await request('app://palate/index.html', 'POST')).status
  return results
}

function secondStart(window: BrowserWindow): number {
  app.emit('second-instance')
  return window.focused
}

function allItems(items: readonly MenuItem[]): readonly MenuItem[] {
  return items.flatMap((item) => [item, ...allItems(item.submenu ?? [])])
}

async function chooseRuns(page: Page): Promise<string> {
  // A shell with a fault may show no page that listens.
  const ready = page.getByRole('navigation', { name: 'Main' }).waitFor({ timeout: 4000 })
  if (!(await ready.then(() => true).catch(() => false))) return ''
  allItems(recorded.menu)
    .find((item) => item.accelerator === 'CmdOrCtrl+4')
    ?.click?.()
  await page.waitForURL(/#\/runs$/, { timeout: 2000 }).catch(() => undefined)
  return new URL(page.url()).hash
}

/** The page of the test sends what fits, and what does not. */
async function progressOf(page: Page, window: BrowserWindow): Promise<readonly number[]> {
  const before = window.progress.length
  await page.evaluate("for (const share of [0.25, 7, 'x', null]) window.palate?.showProgress(share)")
  const deadline = Date.now() + 3000
  while (window.progress.length < before + 2 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
  return window.progress.slice(before)
}

function leave(window: BrowserWindow): unknown {
  window.maximized = true
  window.emit('close')
  return JSON.parse(readFileSync(path.join(app.getPath(), 'window.json'), 'utf8'))
}

/** @returns whether the engine had ended when the program was ready to leave */
async function quit(): Promise<boolean> {
  const exits = recorded.engines.map((worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve())))
  let stopped = false
  void Promise.all(exits).then(() => (stopped = true))
  app.emit('window-all-closed')
  await Promise.race([recorded.quitDone.promise, new Promise((resolve) => setTimeout(resolve, limitMs))])
  return stopped
}
