import { describe, expect, it } from 'vitest'
import { RunQueue } from '../../../../src-main/services/runs/run-queue.ts'
import { Speedometer } from '../../../../src-main/services/runs/speedometer.ts'

/** A queue whose runs end when the test says so. */
function manualQueue(limit: () => number) {
  const started: number[] = []
  const ends = new Map<number, () => void>()
  const queue = new RunQueue(limit, (runId) => {
    started.push(runId)
    return new Promise((resolve) => ends.set(runId, resolve))
  })
  const end = async (runId: number) => {
    ends.get(runId)!()
    await queue.ended(runId)
  }
  return { queue, started, end }
}

describe('the queue', () => {
  it('starts in the order of arrival, as many as allowed', async () => {
    const { queue, started, end } = manualQueue(() => 2)
    queue.add([7, 8, 9])
    expect(started).toEqual([7, 8])
    await end(8)
    expect(started).toEqual([7, 8, 9])
  })

  it('tells how many will be at work at once: by that the CPUs are shared', async () => {
    const { queue, end } = manualQueue(() => 2)
    expect(queue.concurrency).toBe(1)
    queue.add([1])
    expect(queue.concurrency).toBe(1)
    queue.add([2, 3])
    expect(queue.concurrency).toBe(2)
    await end(1)
    await end(2)
    expect(queue.concurrency).toBe(1)
  })

  it('knows a run once, waiting or at work', () => {
    const { queue, started } = manualQueue(() => 1)
    queue.add([1, 1, 2])
    queue.add([2, 1])
    expect(started).toEqual([1])
    expect(queue.waiting).toEqual([2])
  })

  it('follows a changed limit with the next start', async () => {
    let limit = 1
    const { queue, started } = manualQueue(() => limit)
    queue.add([1, 2, 3])
    limit = 3
    queue.fill()
    expect(started).toEqual([1, 2, 3])
  })

  it('moves who waits up, down, to the front and to the end, and nobody else', () => {
    const { queue } = manualQueue(() => 1)
    queue.add([1, 2, 3, 4])
    queue.move(4, 'up')
    expect(queue.waiting).toEqual([2, 4, 3])
    queue.move(2, 'down')
    expect(queue.waiting).toEqual([4, 2, 3])
    queue.move(3, 'first')
    expect(queue.waiting).toEqual([3, 4, 2])
    queue.move(3, 'last')
    expect(queue.waiting).toEqual([4, 2, 3])
    expect([queue.move(4, 'up'), queue.move(1, 'first'), queue.move(9, 'first')]).toEqual([true, false, false])
    expect(queue.waiting).toEqual([4, 2, 3])
  })

  it('moves who waits before another, and leaves everybody where that one waits no more', () => {
    const { queue } = manualQueue(() => 1)
    queue.add([1, 2, 3, 4, 5])
    queue.move(5, { before: 3 })
    expect(queue.waiting).toEqual([2, 5, 3, 4])
    queue.move(2, { before: 4 })
    expect(queue.waiting).toEqual([5, 3, 2, 4])
    expect([queue.move(4, { before: 1 }), queue.move(4, { before: 4 }), queue.move(1, { before: 4 })]).toEqual([
      true,
      true,
      false,
    ])
    expect(queue.waiting).toEqual([5, 3, 2, 4])
  })

  it('starts nothing while it is held, and what waits when it is let go', async () => {
    const { queue, started, end } = manualQueue(() => 1)
    queue.add([1, 2])
    queue.hold(true)
    queue.add([3])
    await end(1)
    expect(started).toEqual([1])
    queue.hold(false)
    expect(started).toEqual([1, 2])
  })

  it('gives back who waits and starts nothing once closed', async () => {
    const { queue, started, end } = manualQueue(() => 1)
    queue.add([1, 2, 3])
    expect(queue.withdraw(2)).toBe(true)
    expect(queue.withdraw(1)).toBe(false)
    expect(queue.close()).toEqual([3])
    await end(1)
    expect(started).toEqual([1])
  })
})

describe('the speed', () => {
  it('is not known before it was measured', () => {
    const speed = new Speedometer()
    speed.add(0, 0)
    expect(speed.updatesPerSecond).toBeNull()
    expect(speed.remainingMs(10)).toBeNull()
  })

  it('is that of the last seconds, not of the whole run', () => {
    const speed = new Speedometer()
    for (let second = 0; second <= 60; second++) speed.add(second * 1000, second * 10)
    for (let second = 61; second <= 75; second++) speed.add(second * 1000, 600 + (second - 60) * 100)
    expect(speed.updatesPerSecond).toBeCloseTo(100)
    expect(speed.remainingMs(500)).toBeCloseTo(5000)
  })
})
