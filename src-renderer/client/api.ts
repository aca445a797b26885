import type { PalateClient } from '../../src-main/contract/rpc-client.ts'
import { isPalateError, type PalateError } from '../../src-main/contract/errors.ts'
import { createConnection } from './connection.ts'
import { openPort } from './transports.ts'

/** The window's one connection to the engine. */
export const connection = createConnection(openPort)

const failureListeners: ((error: PalateError) => void)[] = []
/** Hears every refusal of the engine, beside whoever made the call. */
export const onFailure = (listener: (error: PalateError) => void): void => void failureListeners.push(listener)

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
          try {
            return await client[domain]![procedure]!(input, options)
          } catch (error) {
            if (isPalateError(error)) for (const listener of failureListeners) listener(error)
            throw error
          }
        },
      },
    ),
})
