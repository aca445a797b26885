import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RpcPort } from '../../../../src-main/contract/rpc-port.ts'
import { createConnection, type ConnectionState } from '../../../../src-renderer/client/connection.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A port that does nothing but close when it is told to. */
function port(): RpcPort & { break(): void } {
  const listeners: (() => void)[] = []
  return {
    send: () => undefined,
    onMessage: () => undefined,
    onClose: (listener) => void listeners.push(listener),
    close: () => undefined,
    break: () => listeners.forEach((listener) => listener()),
  }
}

function watch(open: () => Promise<RpcPort>) {
  const connection = createConnection(open)
  const states: ConnectionState[] = []
  connection.onState((state) => states.push(state))
  return { connection, states }
}

test('a broken connection is built again, and everyone is told', async () => {
  const ports = [port(), port()]
  let opened = 0
  const { states } = watch(() => Promise.resolve(ports[opened++]!))
  await vi.advanceTimersByTimeAsync(0)
  ports[0]!.break()
  expect(states).toEqual(['connecting', 'open', 'lost'])
  await vi.advanceTimersByTimeAsync(400)
  expect(states).toEqual(['connecting', 'open', 'lost', 'open'])
})

test('pauses between attempts double, up to five seconds', async () => {
  const times: number[] = []
  const start = Date.now()
  watch(() => {
    times.push(Date.now() - start)
    return Promise.reject(new Error('away'))
  })
  await vi.advanceTimersByTimeAsync(17_000)
  expect(times).toEqual([0, 400, 1200, 2800, 6000, 11_000, 16_000])
})

test('a call made while the engine is away waits for it', async () => {
  let away = true
  const { connection } = watch(() => (away ? Promise.reject(new Error('away')) : Promise.resolve(port())))
  const client = connection.client()
  await vi.advanceTimersByTimeAsync(300)
  away = false
  await vi.advanceTimersByTimeAsync(200)
  await expect(client).resolves.toBeDefined()
})

test('a call fails with ENGINE_UNREACHABLE when the engine stays away', async () => {
  const { connection } = watch(() => Promise.reject(new Error('away')))
  const failure = connection.client().catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(6000)
  expect(await failure).toMatchObject({ name: 'PalateError', code: 'ENGINE_UNREACHABLE' })
})

test('"try now" does not wait for the pause', async () => {
  let opened = 0
  const { connection } = watch(() => (++opened === 1 ? Promise.reject(new Error('away')) : Promise.resolve(port())))
  await vi.advanceTimersByTimeAsync(1)
  connection.retry()
  await vi.advanceTimersByTimeAsync(0)
  expect(connection.state).toBe('open')
})
