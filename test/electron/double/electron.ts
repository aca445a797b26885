/**
 * A small stand-in for the `electron` module of the main process. What the shell asks for is recorded or done for real
 * where that is possible: the engine runs (as a worker thread), ports carry messages, and a window is a page of Chromium
 * that `driver.ts` opens. It proves nothing about Electron itself: see `smoke.mjs`.
 */
import { EventEmitter } from 'node:events'
import path from 'node:path'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'

type Listener = (event: { data: unknown; ports: PortMain[] }) => void

/** MessagePortMain: holds messages back until it is started. */
export class PortMain {
  readonly raw: MessagePort
  readonly #listeners: Listener[] = []
  constructor(raw: MessagePort) {
    this.raw = raw
  }
  on(event: 'message' | 'close', listener: Listener): void {
    if (event === 'close') this.raw.on('close', () => listener({ data: undefined, ports: [] }))
    else this.#listeners.push(listener)
  }
  start(): void {
    this.raw.on('message', (data: unknown) => {
      for (const listener of this.#listeners) listener({ data, ports: [] })
    })
  }
  postMessage(data: unknown): void {
    this.raw.postMessage(data)
  }
  close(): void {
    this.raw.close()
  }
}

export class MessageChannelMain {
  readonly port1: PortMain
  readonly port2: PortMain
  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new PortMain(port1)
    this.port2 = new PortMain(port2)
  }
}

type Recorded = (...args: never[]) => unknown
export interface MenuItem {
  readonly label?: string
  readonly role?: string
  readonly accelerator?: string
  readonly submenu?: readonly MenuItem[]
  readonly click?: () => void
}
export interface WindowOptions {
  readonly show: boolean
  readonly x?: number
  readonly width: number
  readonly webPreferences: Readonly<Record<string, unknown>> & { readonly preload: string }
}

/** What the shell did, for the driver. */
export const recorded = {
  sandboxForAll: false,
  schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  menu: [] as MenuItem[],
  openedExternally: [] as string[],
  errorBoxes: [] as string[],
  windows: [] as BrowserWindow[],
  engines: [] as Worker[],
  quitDone: Promise.withResolvers<void>(),
  handlers: {} as Record<string, Recorded>,
  openPage: (async () => undefined) as (window: BrowserWindow, url: string) => Promise<void>,
}

class App extends EventEmitter {
  readonly isPackaged = false
  getPath = () => path.join(process.env['PALATE_WORKSPACE'] ?? '', 'user-data')
  requestSingleInstanceLock = () => true
  enableSandbox = () => {
    recorded.sandboxForAll = true
  }
  whenReady = () => Promise.resolve()
  exit = () => recorded.quitDone.resolve()
  quit = () => {
    let prevented = false
    this.emit('will-quit', { preventDefault: () => (prevented = true) })
    if (!prevented) recorded.quitDone.resolve()
  }
}
export const app = new App()

/** A frame of a page; the main frame has no parent. */
export class Frame {
  readonly parent: Frame | null
  readonly origin: string
  readonly posted: { channel: string; ports: PortMain[] }[] = []
  onPost: (channel: string, ports: PortMain[], args: unknown[]) => void = () => undefined
  constructor(origin: string, parent: Frame | null = null) {
    this.origin = origin
    this.parent = parent
  }
  postMessage(channel: string, _message: unknown, ports: PortMain[] = []): void {
    this.posted.push({ channel, ports })
    this.onPost(channel, ports, [])
  }
}

export class WebContents extends EventEmitter {
  mainFrame = new Frame('app://palate')
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  setWindowOpenHandler = (handler: typeof this.openHandler) => {
    this.openHandler = handler
  }
  send = (channel: string, ...args: unknown[]) => this.mainFrame.onPost(channel, [], args)
  getURL = () => `${this.mainFrame.origin}/index.html`
}

export class BrowserWindow extends EventEmitter {
  readonly options: WindowOptions
  readonly webContents = new WebContents()
  focused = 0
  maximized = false
  readonly progress: number[] = []
  constructor(options: WindowOptions) {
    super()
    this.options = options
    recorded.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  static getAllWindows = () => recorded.windows
  loadURL = (url: string) => recorded.openPage(this, url)
  show = () => undefined
  focus = () => {
    this.focused += 1
  }
  isMinimized = () => false
  isMaximized = () => this.maximized
  maximize = () => {
    this.maximized = true
  }
  getNormalBounds = () => ({ x: 40, y: 30, width: 1000, height: 700 })
  setProgressBar = (share: number) => void this.progress.push(share)
  restore = () => undefined
}

const keep = (name: string) => (handler: Recorded) => {
  recorded.handlers[name] = handler
}
export const session = {
  defaultSession: {
    protocol: { handle: (scheme: string, handler: Recorded) => keep(`protocol ${scheme}`)(handler) },
    webRequest: { onBeforeRequest: keep('beforeRequest') },
    setPermissionRequestHandler: keep('permissionRequest'),
    setPermissionCheckHandler: keep('permissionCheck'),
    setDevicePermissionHandler: keep('devicePermission'),
    setDisplayMediaRequestHandler: keep('displayMedia'),
  },
}
export const protocol = {
  registerSchemesAsPrivileged: (schemes: typeof recorded.schemes) => void recorded.schemes.push(...schemes),
}
export const shell = { openExternal: async (url: string) => void recorded.openedExternally.push(url) }
export const dialog = { showErrorBox: (_title: string, text: string) => void recorded.errorBoxes.push(text) }
export const Menu = {
  buildFromTemplate: (template: MenuItem[]) => template,
  setApplicationMenu: (menu: MenuItem[]) => void (recorded.menu = menu),
}
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1600, height: 1000 } }] }
export const ipcMain = new EventEmitter()

/** The engine's process as a thread with the `process.parentPort` of a utility process. */
class Utility extends EventEmitter {
  readonly worker: Worker
  constructor(entry: string) {
    super()
    this.worker = new Worker(new URL('./utility-process.mjs', import.meta.url), { workerData: { entry } })
    recorded.engines.push(this.worker)
    this.worker.on('message', (data) => this.emit('message', data))
    this.worker.on('error', (error) => process.stderr.write(`${error.stack ?? error}\n`))
    this.worker.on('exit', (code) => this.emit('exit', code))
  }
  postMessage(data: unknown, ports: PortMain[] = []): void {
    const raw = ports.map((port) => port.raw)
    this.worker.postMessage({ data, ports: raw }, raw)
  }
  kill(): boolean {
    void this.worker.terminate()
    return true
  }
}
export const utilityProcess = { fork: (entry: string) => new Utility(entry) }
