/** What one client may take of the host. Every limit has a test that reaches it. */
export interface WebLimits {
  /** Connections at the same time, of all clients together. */
  readonly connections: number
  readonly webSockets: number
  /** How long the header of a request may take to arrive, also when nothing arrives at all. */
  readonly headerMs: number
  readonly headerBytes: number
  /** How long an upload may stand still. */
  readonly idleMs: number
  readonly uploadBytes: number
  /** How long an upload is kept that the page does not remove itself after its import. */
  readonly uploadKeepMs: number
  /** Largest message from the page; the largest real one is a few kilobytes. */
  readonly messageBytes: number
  /** Bytes waiting for a slow page above which the engine is asked to hold back. */
  readonly bufferedBytes: number
  /** Pause between two signs of life of a WebSocket. */
  readonly pingMs: number
}

export const defaultLimits: WebLimits = {
  connections: 128,
  webSockets: 32,
  headerMs: 10_000,
  headerBytes: 16 * 1024,
  idleMs: 60_000,
  uploadBytes: 2 * 1024 ** 3,
  uploadKeepMs: 60 * 60_000,
  messageBytes: 1024 ** 2,
  bufferedBytes: 8 * 1024 ** 2,
  pingMs: 30_000,
}
