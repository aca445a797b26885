import type { PalateClient } from '../../src-main/contract/rpc-client.ts'
import { createConnection } from './connection.ts'
import { openPort } from './transports.ts'

/** The window's one connection to the engine. */
export const connection = createConnection(openPort)

type AnyCall = (input: unknown, options?: unknown) => Promise<unknown>
type Domains = Record<string, Record<string, AnyCall>>

/**
 * The engine's procedures: `api.runs.start(input, { signal })`. Each call uses the connection that stands when it is made, so
 * that nobody holds on to a dead one. Every failure is a PalateError.
 */
export const api = new Proxy({} as PalateClient, {
  get: (_, domain: string) =>
    new Proxy(
      {},
      {
        get: (_, procedure: string) => async (input: unknown, options?: unknown) => {
          const client = (await connection.client()) as unknown as Domains
          return client[domain]![procedure]!(input, options)
        },
      },
    ),
})
