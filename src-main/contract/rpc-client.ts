import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from './api/contract.ts'
import { engineUnreachable, fromRpcError } from './rpc-errors.ts'
import type { RpcFrame, RpcPort } from './rpc-port.ts'

/** The contract as functions: `client.runs.start(input, { signal })`. Every failure is a PalateError. */
export type PalateClient = ContractRouterClient<Contract>

/**
 * A typed client over `port`.
 *
 * Calls made when the port is closed, and calls and subscriptions that are under way when it closes, fail with
 * ENGINE_UNREACHABLE. A call whose `signal` is aborted fails with CANCELLED and the server is told.
 */
export function createClient(port: RpcPort): PalateClient {
  const link = new RPCLink({
    port: {
      postMessage: (frame: RpcFrame) => {
        try {
          void port.send(frame)
        } catch (error) {
          throw engineUnreachable(error instanceof Error ? error.message : String(error))
        }
      },
      onMessage: { addListener: (listener) => port.onMessage(listener) },
      onDisconnect: { addListener: (listener) => port.onClose(listener) },
    },
    interceptors: [
      async ({ next, signal }) => {
        // The contract knows no browser or Node types, and so not AbortSignal.
        const aborted = () => (signal as { readonly aborted: boolean } | undefined)?.aborted === true
        try {
          const output = await next()
          return isSubscription(output) ? withMappedErrors(output, aborted) : output
        } catch (error) {
          throw fromRpcError(error, aborted())
        }
      },
    ],
  })
  return createORPCClient(link)
}

type Subscription = AsyncIteratorObject<unknown, unknown, void> & { return?: (value?: unknown) => Promise<unknown> }

function isSubscription(output: unknown): output is Subscription {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'next' in output
}

/** The same subscription with its errors in our union. Not an async generator: `return` must act while `next` waits. */
function withMappedErrors(source: Subscription, aborted: () => boolean): AsyncIterableIterator<unknown> {
  const subscription: AsyncIterableIterator<unknown> = {
    next: async () => {
      try {
        return await source.next()
      } catch (error) {
        throw fromRpcError(error, aborted())
      }
    },
    return: async (value?: unknown) => {
      await source.return?.(value)
      return { done: true, value }
    },
    [Symbol.asyncIterator]: () => subscription,
  }
  return subscription
}
