import { ORPCError } from '@orpc/client'
import { implement, type Router } from '@orpc/server'
import { StandardRPCHandler } from '@orpc/server/standard'
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer'
import { ServerPeer } from '@orpc/standard-server-peer'
import { contract, type Contract } from '../../contract/api/contract.ts'
import { toRpcError } from '../../contract/rpc-errors.ts'
import type { RpcPort } from '../../contract/rpc-port.ts'
import type { CallContext, Handlers } from '../../services/handlers.ts'

/** Serves the contract on one port after another. */
export interface RpcServer {
  /** Answers calls on `port` until it closes; then every call and subscription of that port is aborted. */
  serve(port: RpcPort): void
  /** Closes every port that is still served. */
  close(): void
}

/**
 * Brings `handlers` onto ports.
 *
 * Inputs and outputs are validated by the contract, errors leave as members of the closed union, and a subscription that
 * the client leaves (or whose port closes) has its signal aborted and its generator ended.
 *
 * @param onProtocolError told of a frame that is no RPC message; the port that sent it is closed
 */
export function createRpcServer(handlers: Handlers, onProtocolError: (error: unknown) => void): RpcServer {
  const handler = new StandardRPCHandler(createRouter(handlers), {
    clientInterceptors: [
      async ({ next }) => {
        try {
          return await next()
        } catch (error) {
          throw toRpcError(error)
        }
      },
    ],
  })
  const ports = new Set<RpcPort>()
  return {
    serve: (port) => {
      ports.add(port)
      const handle = createServerPeerHandleRequestFn(handler, {})
      const peer = new ServerPeer((frame) => port.send(frame))
      port.onClose(() => {
        ports.delete(port)
        peer.close()
      })
      port.onMessage((frame) => {
        void answer(frame).catch((error: unknown) => {
          // Sending fails when the port closes under an answer: that is no fault of the client's.
          if (!ports.has(port)) return
          onProtocolError(error)
          port.close()
        })
      })
      async function answer(frame: unknown): Promise<void> {
        if (!isFrame(frame)) throw new TypeError('A frame is neither text nor bytes.')
        await peer.message(frame, handle)
      }
    },
    close: () => {
      for (const port of [...ports]) port.close()
    },
  }
}

function isFrame(frame: unknown): frame is string | ArrayBuffer | Uint8Array {
  return typeof frame === 'string' || frame instanceof ArrayBuffer || frame instanceof Uint8Array
}

type AnyHandler = (input: unknown, context: CallContext) => AsyncGenerator | Promise<unknown>
interface ProcedureBuilder {
  handler(run: (call: { input: unknown; signal?: AbortSignal | undefined }) => unknown): unknown
}

/** The router: every procedure of the contract goes to the handler of the same name. `Handlers` proves that it is there. */
function createRouter(handlers: Handlers): Router<Contract, Record<never, never>> {
  const builders = implement(contract) as unknown as Record<string, Record<string, ProcedureBuilder>>
  const byName = handlers as unknown as Record<string, Record<string, AnyHandler>>
  const router = Object.entries(contract).map(([domain, procedures]) => [
    domain,
    Object.fromEntries(Object.keys(procedures).map((name) => [name, procedure(builders, byName, domain, name)])),
  ])
  return Object.fromEntries(router) as Router<Contract, Record<never, never>>
}

function procedure(
  builders: Record<string, Record<string, ProcedureBuilder>>,
  handlers: Record<string, Record<string, AnyHandler>>,
  domain: string,
  name: string,
): unknown {
  const builder = builders[domain]?.[name]
  if (!builder) throw new Error(`The contract has no procedure ${domain}.${name}.`)
  return builder.handler(async ({ input, signal }) => {
    const domainHandlers = handlers[domain]
    if (typeof domainHandlers?.[name] !== 'function')
      throw new ORPCError('INTERNAL', { message: `${domain}.${name} is missing.` })
    const result = domainHandlers[name](input, { signal })
    return isGenerator(result) ? abortable(result, signal) : await result
  })
}

function isGenerator(value: unknown): value is AsyncGenerator {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/**
 * `source` as an iterator that ends as soon as `signal` is aborted, even while `source` waits: a generator's own `return`
 * would queue behind the pending `next`. Errors leave in the closed union.
 */
function abortable(source: AsyncGenerator, signal: AbortSignal | undefined): AsyncIterableIterator<unknown> {
  const aborted = Promise.withResolvers<IteratorReturnResult<undefined>>()
  const onAbort = () => {
    aborted.resolve({ done: true, value: undefined })
    // The generator's finally blocks run as soon as it can; its caller is gone, so its last error has no reader.
    void source.return(undefined).catch(() => undefined)
  }
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  const iterator: AsyncIterableIterator<unknown> = {
    next: async () => {
      try {
        const next = source.next()
        next.catch(() => undefined)
        const result = await Promise.race([next, aborted.promise])
        if (result.done) signal?.removeEventListener('abort', onAbort)
        return result
      } catch (error) {
        signal?.removeEventListener('abort', onAbort)
        throw toRpcError(error)
      }
    },
    return: async () => {
      signal?.removeEventListener('abort', onAbort)
      onAbort()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}
