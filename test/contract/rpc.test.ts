import { once } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createClient, type PalateClient } from '../../src-main/contract/rpc-client.ts'
import { portFromMessagePort, portFromWebSocket, type RpcPort } from '../../src-main/contract/rpc-port.ts'
import { createRpcServer, type RpcServer } from '../../src-main/hosts/engine/rpc.ts'
import { fixtureHandlers, type Seen } from '../support/fixture-handlers.ts'
import { createPortPair } from '../support/port-pair.ts'

interface Wire {
  readonly client: RpcPort
  readonly server: RpcPort
  dispose(): Promise<void>
}

const transports: Record<string, () => Promise<Wire>> = {
  'an in-memory pair': async () => {
    const [client, server] = createPortPair()
    return { client, server, dispose: async () => client.close() }
  },
  'a message port': async () => {
    const { port1, port2 } = new MessageChannel()
    const client = portFromMessagePort(asBrowserPort(port1))
    return { client, server: portFromMessagePort(asBrowserPort(port2)), dispose: async () => client.close() }
  },
  'a WebSocket': async () => {
    const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(sockets, 'listening')
    const address = sockets.address()
    const socket = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
    const [[accepted]] = await Promise.all([once(sockets, 'connection'), once(socket, 'open')])
    const dispose = async () => {
      socket.terminate()
      await new Promise((resolve) => sockets.close(resolve))
    }
    return { client: portFromWebSocket(asBrowserSocket(socket)), server: portFromWebSocket(asBrowserSocket(accepted)), dispose }
  },
}

function asBrowserPort(port: MessagePort): Parameters<typeof portFromMessagePort>[0] {
  return port as unknown as Parameters<typeof portFromMessagePort>[0]
}

function asBrowserSocket(socket: WebSocket): Parameters<typeof portFromWebSocket>[0] {
  return socket as unknown as Parameters<typeof portFromWebSocket>[0]
}

describe.each(Object.entries(transports))('the contract over %s', (_name, createWire) => {
  let wire: Wire
  let server: RpcServer
  let client: PalateClient
  let seen: Seen
  const protocolErrors: unknown[] = []

  async function connect() {
    seen = { calls: [], ended: [] }
    protocolErrors.length = 0
    wire = await createWire()
    server = createRpcServer(fixtureHandlers(seen), (error) => protocolErrors.push(error))
    server.serve(wire.server)
    client = createClient(wire.client)
  }

  afterEach(() => wire.dispose())

  it('answers a call with the value that the handler returned', async () => {
    await connect()
    expect(await client.system.info()).toMatchObject({ host: 'test', executor: `pid ${process.pid}` })
  })

  it('answers calls that overlap, each with its own answer', async () => {
    await connect()
    const answers = await Promise.allSettled([client.system.info(), client.datasets.get({ dataset: 'a' }), client.system.info()])
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('brings a PalateError across with its code, message and details', async () => {
    await connect()
    await expect(client.datasets.get({ dataset: 'ml-9' })).rejects.toMatchObject({
      name: 'PalateError',
      code: 'DATASET_NOT_FOUND',
      message: 'There is no data set "ml-9". List them with "palate datasets".',
      details: { name: 'ml-9' },
    })
  })

  it('turns any other failure into INTERNAL', async () => {
    await connect()
    await expect(client.models.list()).rejects.toMatchObject({
      code: 'INTERNAL',
      message:
        'Something inside Palate failed: index 7 out of range. This is a fault of the program, not of your data; please report it with the log.',
      details: { reason: 'index 7 out of range' },
    })
  })

  it('refuses input that does not fit the contract, naming every issue', async () => {
    await connect()
    const call = client.runs.start({ dataset: 'x', model: 'dqn', seeds: [-1], ks: [0] })
    await expect(call).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message:
        'The input does not fit this call: seeds.0: Too small: expected number to be >=0; ks.0: Too small: expected number to be >=1. Correct it and try again.',
      details: {
        issues: [
          { path: 'seeds.0', message: 'Too small: expected number to be >=0' },
          { path: 'ks.0', message: 'Too small: expected number to be >=1' },
        ],
      },
    })
  })

  it('does not let out an answer that breaks the contract', async () => {
    await connect()
    await expect(client.models.protocols()).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('aborts the handler when the caller gives up, and tells the caller CANCELLED', async () => {
    await connect()
    const cancel = new AbortController()
    const call = client.system.doctor(undefined, { signal: cancel.signal })
    setTimeout(() => cancel.abort(), 20)
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect.poll(() => seen.ended, { timeout: 10_000 }).toEqual(['system.doctor'])
  })

  it('streams a subscription and ends the work behind it when the subscriber leaves', async () => {
    await connect()
    for await (const event of await client.runs.watch({})) {
      expect(event).toEqual({ kind: 'removed', runId: 1 })
      break
    }
    await expect.poll(() => seen.ended, { timeout: 10_000 }).toEqual(['runs.watch aborted'])
  })

  it('ends a subscription that waits when its signal is aborted', async () => {
    await connect()
    const cancel = new AbortController()
    const events = await client.runs.watch({}, { signal: cancel.signal })
    await events.next()
    const waiting = events.next()
    cancel.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect.poll(() => seen.ended, { timeout: 10_000 }).toEqual(['runs.watch aborted'])
  })

  it('brings an error in the middle of a subscription across', async () => {
    await connect()
    const events = await client.datasets.import({ path: '/a/u.data' })
    expect((await events.next()).value).toMatchObject({ kind: 'progress', rows: 1 })
    await expect(events.next()).rejects.toMatchObject({
      name: 'PalateError',
      code: 'FILE_EMPTY',
      message: '/a/u.data holds no ratings. Choose another file.',
      details: { path: '/a/u.data' },
    })
  })

  it('fails calls and subscriptions with ENGINE_UNREACHABLE when the connection closes', async () => {
    await connect()
    const events = await client.runs.watch({})
    await events.next()
    const pending = [events.next(), client.system.doctor()]
    setTimeout(() => server.close(), 20)
    const outcomes = await Promise.allSettled(pending)
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).toEqual([
      'ENGINE_UNREACHABLE',
      'ENGINE_UNREACHABLE',
    ])
    await expect(client.system.info()).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' })
    await expect.poll(() => [...seen.ended].sort(), { timeout: 10_000 }).toEqual(['runs.watch aborted', 'system.doctor'])
  })

  it('closes the port of a client that sends something else than RPC, and serves the others', async () => {
    await connect()
    const closed = new Promise<void>((resolve) => wire.client.onClose(resolve))
    void wire.client.send('{"not": "rpc"')
    await closed
    expect(protocolErrors).toHaveLength(1)
    const [client2, server2] = createPortPair()
    server.serve(server2)
    expect(await createClient(client2).system.info()).toMatchObject({ host: 'test' })
  })
})
