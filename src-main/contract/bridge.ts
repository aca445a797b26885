/**
 * What Electron's preload offers the page as `window.palate`; absent in the browser host. Nothing else of Electron is
 * reachable from the page.
 */
export interface PalateBridge {
  readonly host: 'electron'
  /** `darwin`, `win32`, `linux` … for the look of shortcuts. */
  readonly platform: string
  /**
   * Asks for a port to the engine. It arrives as a `message` event of the window whose data is `portMessage` and whose
   * first port is the one asked for. Ask again when that port closes.
   */
  requestPort(): void
  /** The path on disk of a file that the user dropped or chose; empty when it has none. */
  pathForFile(file: unknown): string
  /** Shows on the dock or taskbar how much of the work is done, 0..1; null takes it away. */
  showProgress(share: number | null): void
}

/** The data of the window message that carries a port to the engine. */
export const portMessage = 'palate:port'

/** The window message by which a menu of the desktop window asks the page for something: the id of a shortcut. */
export interface CommandMessage {
  readonly kind: typeof commandMessage
  readonly command: string
}
export const commandMessage = 'palate:command'

export function isCommandMessage(data: unknown): data is CommandMessage {
  if (typeof data !== 'object' || data === null || !('kind' in data) || !('command' in data)) return false
  return data.kind === commandMessage && typeof data.command === 'string'
}
