import { expect, test } from 'vitest'
import { KeptStates } from '../../../../src-main/engine/live/kept-states.ts'

const filled = (answers: number) => {
  const kept = new KeptStates<string>()
  for (let at = 0; at < answers; at++) kept.keep(at, `before ${at}`)
  return kept
}
/** How many answers are played again to stand after `at` of them. */
const playedAgain = (kept: KeptStates<string>, at: number) => at - kept.nearest(at)!.at

test('the last sixteen are all there', () => {
  const kept = filled(100)
  for (let at = 84; at < 100; at++) expect(kept.nearest(at)).toEqual({ at, state: `before ${at}` })
})

test('further back at most fifteen answers are played again, and in a long session sixty-three', () => {
  const short = filled(150)
  expect(Math.max(...Array.from({ length: 150 }, (_, at) => playedAgain(short, at)))).toBe(15)
  const long = filled(600)
  expect(Math.max(...Array.from({ length: 600 }, (_, at) => playedAgain(long, at)))).toBe(63)
})

test('a thousand answers leave at most twenty-eight states', () => {
  const kept = filled(1000)
  const found = new Set(Array.from({ length: 1000 }, (_, at) => kept.nearest(at)!.at))
  expect(found.size).toBeLessThanOrEqual(28)
  expect(found).toContain(0)
})

test('what was taken back is gone, and what is kept anew takes its place', () => {
  const kept = filled(40)
  kept.dropFrom(20)
  expect(kept.nearest(39)).toEqual({ at: 16, state: 'before 16' })
  for (let at = 17; at < 21; at++) kept.keep(at, `again ${at}`)
  expect(kept.nearest(19)).toEqual({ at: 19, state: 'again 19' })
})
