import { expect, test } from 'vitest'
import { createFrameQueue } from '../../../../src-renderer/charts/frame-queue.ts'

/** Frames that come when the test says so, and drawings that take as long as they are told. */
function lab() {
  const frames: (() => void)[] = []
  const drawn: string[] = []
  let now = 0
  const queue = createFrameQueue(
    (callback) => void frames.push(callback),
    () => now,
  )
  const charts = new Map<string, object>()
  const chart = (name: string) => charts.get(name) ?? charts.set(name, {}).get(name)!
  return {
    frames,
    drawn,
    forget: (name: string) => queue.forget(chart(name)),
    ask: (name: string, ms: number, what = name) =>
      queue.inTurn(chart(name), () => {
        drawn.push(what)
        now += ms
      }),
    frame: () => {
      drawn.length = 0
      frames.shift()?.()
      return [...drawn]
    },
  }
}

test('charts that change together are drawn as many in a frame as fit into it, one at least', () => {
  const { ask, frame, frames } = lab()
  for (const [name, ms] of [['a', 2], ['b', 2], ['c', 3], ['d', 40], ['e', 1]] as const) ask(name, ms) // prettier-ignore
  expect(frames).toHaveLength(1)
  expect([frame(), frame(), frame(), frame()]).toEqual([['a', 'b', 'c'], ['d'], ['e'], []])
  expect(frames, 'nothing waits: no frame is asked for').toHaveLength(0)
})

test('a chart that changes again before its turn is drawn once, as it is by then, and keeps its place', () => {
  const { ask, frame } = lab()
  ask('a', 9, 'a before')
  ask('b', 9)
  ask('a', 9, 'a after')
  expect([frame(), frame(), frame()]).toEqual([['a after'], ['b'], []])
})

test('a chart that is gone is not drawn', () => {
  const { ask, forget, frame } = lab()
  ask('a', 1)
  ask('b', 1)
  forget('a')
  expect(frame()).toEqual(['b'])
})
