/**
 * Runs sandboxed, in a world of its own beside the page. The page gets the members of `PalateBridge` and never
 * ipcRenderer or an event object, through which it could reach other channels.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { commandMessage, portMessage, type PalateBridge } from '../../contract/bridge.ts'
import { commandChannel, portChannel, progressChannel, requestPortChannel } from './channels.ts'
import { appOrigin } from './modules/app-origin.ts'

/** The page's window; this project has no browser types, because everything else in it runs outside a browser. */
declare const window: { postMessage(data: unknown, targetOrigin: string, transfer?: readonly unknown[]): void }

ipcRenderer.on(portChannel, (event) => {
  // A page of another origin would not be handed the port, should one ever be shown here.
  window.postMessage(portMessage, appOrigin, event.ports)
})

ipcRenderer.on(commandChannel, (_event, command: unknown) => {
  window.postMessage({ kind: commandMessage, command: String(command) }, appOrigin)
})

const bridge: PalateBridge = {
  host: 'electron',
  platform: process.platform,
  requestPort: () => ipcRenderer.send(requestPortChannel),
  showProgress: (share) => ipcRenderer.send(progressChannel, share),
  pathForFile: (file) => {
    try {
      return webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0])
    } catch {
      return ''
    }
  },
}
contextBridge.exposeInMainWorld('palate', bridge)
