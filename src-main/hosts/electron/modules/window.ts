import path from 'node:path'
import { app, BrowserWindow } from 'electron'
import { startPage } from './app-origin.ts'
import { keepWindowState, readWindowState } from './window-state.ts'

/**
 * The only place where windows are made. The page runs in Chromium's sandbox, in a world apart from the preload script,
 * without Node, and can embed nothing.
 *
 * @param stateFile where it is remembered how the window was left
 */
export function createWindow(stateFile: string): BrowserWindow {
  const before = readWindowState(stateFile)
  const window = new BrowserWindow({
    width: 1360,
    height: 880,
    ...before?.bounds,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Palate',
    // What stands there until the first paint; the page's own colour follows its theme.
    backgroundColor: '#0f1115',
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      // Would fetch dictionaries from the network.
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  if (before?.maximized) window.maximize()
  keepWindowState(window, stateFile)
  window.once('ready-to-show', () => window.show())
  void window.loadURL(startPage)
  return window
}
