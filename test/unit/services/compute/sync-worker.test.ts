import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SyncCallRefused, SyncWorker, SyncWorkerBroken } from '../../../../src-main/services/compute/sync-worker.ts'

const thread = (name: string): string => path.resolve(import.meta.dirname, `../../../support/${name}.ts`)
const wait = 10_000

describe('a thread that is called like a function', () => {
  let worker: SyncWorker
  beforeEach(async () => {
    worker = await SyncWorker.start(thread('sync-thread'), wait)
  })
  afterEach(() => worker.close())

  test('says what it is when it is ready, and answers each call in turn', () => {
    expect(worker.greeting).toBe('a thread for tests')
    for (let call = 0; call < 100; call++) expect(worker.call({ call }, wait)).toEqual({ call })
  })

  test('takes what it is given without a copy', () => {
    const values = Float32Array.of(1, 2, 3)
    expect(worker.call(values, wait, [values.buffer])).toEqual(Float32Array.of(1, 2, 3))
    expect(values.length).toBe(0)
  })

  test('may refuse a call and answer the next', () => {
    expect(() => worker.call('refuse', wait)).toThrow(new SyncCallRefused('no such thing'))
    expect(worker.call('again', wait)).toBe('again')
  })

  test('that breaks says why, now and ever after', () => {
    for (const body of ['break', 'again', 'again'])
      expect(() => worker.call(body, wait)).toThrow(new SyncWorkerBroken('it is beyond repair'))
  })

  test('that ends in the middle of a call is noticed at once, not when the time is up', () => {
    const before = performance.now()
    expect(() => worker.call('end', 60_000)).toThrow(new SyncWorkerBroken('its thread ended in the middle of a call'))
    expect(performance.now() - before).toBeLessThan(5000)
    expect(() => worker.call('again', wait)).toThrow('its thread ended in the middle of a call')
  })

  test('that gives no answer is waited for no longer than was said', () => {
    const before = performance.now()
    expect(() => worker.call('be silent', 300)).toThrow(new SyncWorkerBroken('its thread gave no answer within 0.3 s'))
    expect(performance.now() - before).toBeGreaterThan(290)
    expect(() => worker.call('again', wait)).toThrow('its thread gave no answer within 0.3 s')
  })

  test('that was closed answers no more', async () => {
    await worker.close()
    expect(() => worker.call('again', wait)).toThrow(new SyncWorkerBroken('it was closed'))
  })
})

describe('a thread that does not get ready', () => {
  test('as it cannot is reported with its reason', async () => {
    await expect(SyncWorker.start(thread('sync-thread-unready'), wait)).rejects.toThrow(
      new SyncWorkerBroken('there is nothing to compute with'),
    )
  })

  test('as it ends is reported with its code', async () => {
    await expect(SyncWorker.start(thread('sync-thread-dying'), wait)).rejects.toThrow(
      new SyncWorkerBroken('its thread ended with code 4 before it was ready'),
    )
  })

  test('in time is given up', async () => {
    await expect(SyncWorker.start(thread('sync-thread-silent'), 300)).rejects.toThrow('its thread was not ready within 0.3 s')
  })

  test('as its script is missing is reported', async () => {
    await expect(SyncWorker.start(thread('no-such-thread'), wait)).rejects.toThrow('no-such-thread.ts')
  })
})
