/** Electron's main process: opens the window and brokers ports to the engine process. It holds no business logic. */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, dialog, session } from 'electron'
import * as z from 'zod'
import { toPalateError } from '../../contract/errors.ts'
import { entryPath, rendererFolder } from '../entries.ts'
import { listStaticFiles } from '../static-files.ts'
import { palateVersion } from '../version.ts'
import { defaultWorkspaceDir } from '../workspace-dir.ts'
import { commandChannel, portChannel, progressChannel, requestPortChannel } from './channels.ts'
import { createElectronEngine, type ElectronEngine } from './engine-launcher.ts'
import { registerAppScheme, serveAppScheme } from './modules/app-protocol.ts'
import { onMessage } from './modules/ipc.ts'
import { setMenu } from './modules/menu.ts'
import { confineNavigation } from './modules/navigation.ts'
import { cutNetwork } from './modules/network.ts'
import { denyPermissions } from './modules/permissions.ts'
import { createWindow } from './modules/window.ts'

const log = (text: string) => void process.stderr.write(`${text}\n`)

// Before anything else: a second start only brings the first one's window forward.
if (app.requestSingleInstanceLock()) run()
else app.quit()

function run(): void {
  app.enableSandbox()
  registerAppScheme()
  app.on('web-contents-created', (_event, contents) => confineNavigation(contents))
  app.on('second-instance', showWindow)
  app.on('window-all-closed', () => app.quit())
  void app.whenReady().then(start).catch(fail)
}

async function start(): Promise<void> {
  const workspaceDir = chosenWorkspace()
  setMenu((command) => mainWindow()?.webContents.send(commandChannel, command))
  denyPermissions(session.defaultSession)
  cutNetwork(session.defaultSession)
  serveAppScheme(session.defaultSession, await listStaticFiles(rendererFolder()))
  const options = { workspaceDir, host: 'electron', version: palateVersion, trainerEntry: entryPath('trainer') } as const
  const engine = createElectronEngine(entryPath('engine'), options, log)
  stopBeforeQuit(engine)
  onMessage(requestPortChannel, z.tuple([]), (frame) => {
    void engine.connect().then((port) => {
      if (port) frame.postMessage(portChannel, null, [port])
    })
  })
  onMessage(progressChannel, z.tuple([z.number().min(0).max(1).nullable()]), (_frame, [share]) => {
    // Electron takes the bar away below zero.
    mainWindow()?.setProgressBar(share ?? -1)
  })
  await engine.start()
  createWindow(path.join(app.getPath('userData'), 'window.json'))
}

const mainWindow = () => BrowserWindow.getAllWindows()[0]

function showWindow(): void {
  const window = mainWindow()
  if (!window) return
  if (window.isMinimized()) window.restore()
  window.focus()
}

/** The engine writes its checkpoints and closes its database before the program is gone. */
function stopBeforeQuit(engine: ElectronEngine): void {
  let stopped = false
  app.on('will-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    void engine.stop().finally(() => {
      stopped = true
      app.quit()
    })
  })
}

function fail(error: unknown): void {
  const { message } = toPalateError(error)
  log(message)
  dialog.showErrorBox('Palate cannot start', message)
  app.exit(1)
}

/** Chromium's own switches are among the arguments, so unknown ones are no error. */
function chosenWorkspace(): string {
  const args = process.argv.slice(app.isPackaged ? 1 : 2)
  const { values } = parseArgs({ args, options: { workspace: { type: 'string' } }, strict: false })
  return typeof values.workspace === 'string' ? path.resolve(values.workspace) : defaultWorkspaceDir()
}
