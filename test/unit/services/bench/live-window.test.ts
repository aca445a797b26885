import { expect, it, vi } from 'vitest'
import type { RunEvent } from '../../../../src-main/contract/dto/run.ts'
import { framesOf } from '../../../../src-main/services/bench/frames.ts'
import { LIVE_CURVES, livePoints } from '../../../../src-main/services/bench/live-points.ts'
import type { Handlers } from '../../../../src-main/services/handlers.ts'
import { fakeHandlers } from '../../../support/fake-engine/handlers.ts'
import { emptyWorld, fakeDataset, fakeRun } from '../../../support/fake-engine/world.ts'

it('counts frames, their middle and worst, and the tasks that held the page up', () => {
  const frames = [...Array.from({ length: 57 }, () => 50 / 3), 20, 30]
  const { framesPerSecond, medianMs, worstMs, longestTaskMs, longTasksMs, busyMsPerSecond } = framesOf(
    'x',
    frames,
    [60, 110],
    250,
  )
  expect(framesPerSecond).toBeCloseTo(59, 10)
  expect(medianMs).toBeCloseTo(16.667, 3)
  expect([worstMs, longestTaskMs, longTasksMs]).toEqual([30, 110, 170])
  expect(busyMsPerSecond).toBeCloseTo(250, 10)
  expect(framesOf('x', [16], [], 0)).toMatchObject({ longestTaskMs: 0, longTasksMs: 0 })
})

it('has finished runs train on: their curves grow by as many points a second as were asked for, and end with it', async () => {
  vi.useFakeTimers()
  try {
    const world = emptyWorld()
    for (const id of [1, 2]) world.runs.set(id, fakeRun(id, fakeDataset(1, 'Lab'), 'finished'))
    const live = livePoints(fakeHandlers(world) as unknown as Handlers, 500, 160)
    expect((await live.handlers.runs.list(undefined, {})).map((run) => run.state)).toEqual(['running', 'running'])
    const news: RunEvent[] = []
    const events = live.handlers.runs.watch({}, {})
    void (async () => {
      for await (const event of events) news.push(event)
    })()
    live.begin()
    await vi.advanceTimersByTimeAsync(1000)
    // Two runs, four times a second, eight curves: 160 a second are 2.5 points at a time, and half a point cannot be told.
    expect(live.told()).toBe(2 * 4 * 3 * LIVE_CURVES.length)
    const loss = news
      .flatMap((one) => (one.kind === 'points' && one.runId === 1 ? one.points : []))
      .filter((one) => one.name === 'criticLoss')
    expect(loss.map((point) => point.update)).toEqual(Array.from({ length: 12 }, (_, at) => 510 + at * 10))
    live.end()
    await vi.advanceTimersByTimeAsync(1000)
    expect(live.told()).toBe(2 * 4 * 3 * LIVE_CURVES.length)
    await events.return()
  } finally {
    vi.useRealTimers()
  }
})
