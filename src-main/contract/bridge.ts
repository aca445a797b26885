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
}

/** The data of the window message that carries a port to the engine. */
export const portMessage = 'palate:port'
