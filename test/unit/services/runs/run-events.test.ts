import { describe, expect, it } from 'vitest'
import type { MetricPoint, RunEvent, RunSummary } from '../../../../src-main/contract/dto/run.ts'
import { RunEventBus } from '../../../../src-main/services/runs/run-events.ts'

const run = (id: number, updatesDone: number): RunEvent => ({ kind: 'run', run: { id, updatesDone } as RunSummary })
const points = (runId: number, from: number, count: number): RunEvent => ({
  kind: 'points',
  runId,
  points: Array.from({ length: count }, (_, index): MetricPoint => ({
    name: 'loss',
    update: from + index,
    value: 1,
    elapsedMs: 0,
  })),
})

describe('the news of the runs', () => {
  it('reach a waiting subscriber in order', async () => {
    const bus = new RunEventBus()
    const events = bus.subscribe(undefined)
    const first = events.next()
    const second = events.next()
    bus.publish(run(1, 1))
    bus.publish({ kind: 'results', runId: 1 })
    expect((await first).value).toMatchObject({ kind: 'run' })
    expect((await second).value).toEqual({ kind: 'results', runId: 1 })
  })

  it('of one run only reach who asked for it only', async () => {
    const bus = new RunEventBus()
    const events = bus.subscribe(2)
    bus.publish(run(1, 5))
    bus.publish(run(2, 6))
    expect((await events.next()).value).toMatchObject({ run: { id: 2 } })
  })

  it('are coalesced for a slow subscriber: the newest summary, all points joined', async () => {
    const bus = new RunEventBus()
    const events = bus.subscribe(undefined)
    for (let update = 1; update <= 100; update++) {
      bus.publish(run(1, update))
      bus.publish(points(1, update, 1))
    }
    expect((await events.next()).value).toMatchObject({ kind: 'run', run: { updatesDone: 100 } })
    const joined = (await events.next()).value as Extract<RunEvent, { kind: 'points' }>
    expect(joined.points.map((point) => point.update)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
  })

  it('keep bounded memory however slow the subscriber is, and keep the newest point', async () => {
    const bus = new RunEventBus()
    const events = bus.subscribe(undefined)
    for (let batch = 0; batch < 200; batch++) bus.publish(points(1, batch * 100, 100))
    const joined = (await events.next()).value as Extract<RunEvent, { kind: 'points' }>
    expect(joined.points.length).toBeLessThanOrEqual(4000)
    expect(joined.points.at(-1)!.update).toBe(19_999)
  })

  it('end for who leaves, whose signal aborts, and for all when the bus closes; nothing stays behind', async () => {
    const bus = new RunEventBus()
    const abort = new AbortController()
    const [left, aborted, closed] = [bus.subscribe(undefined), bus.subscribe(undefined, abort.signal), bus.subscribe(undefined)]
    const waiting = [left.next(), aborted.next(), closed.next()]
    await left.return()
    abort.abort()
    expect(bus.subscriberCount).toBe(1)
    bus.close()
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ done: true, value: undefined })))
    expect(bus.subscriberCount).toBe(0)
  })

  it('of thousands of runs come in one piece for who asked for them together, the last news of each', async () => {
    const bus = new RunEventBus()
    const events = bus.subscribe(undefined, undefined, true)
    for (let id = 1; id <= 3000; id++) bus.publish(run(id, 1))
    bus.publish({ kind: 'removed', runId: 7 })
    bus.publish({ kind: 'removed', runId: 8 })
    bus.publish(run(8, 2))
    const { value } = await events.next()
    expect(value).toMatchObject({ kind: 'many', removed: [7] })
    const runs = (value as Extract<RunEvent, { kind: 'many' }>).runs
    expect(runs).toHaveLength(2999)
    expect(runs.find(({ id }) => id === 8)?.updatesDone).toBe(2)
    const next = events.next()
    bus.publish(run(1, 9))
    expect((await next).value).toMatchObject({ kind: 'run', run: { updatesDone: 9 } })
  })
})
