import { describe, expect, it } from 'vitest'
import type { LiveResponse } from '../../../../src-main/contract/dto/live.ts'
import type { LiveModel } from '../../../../src-main/engine/core/live-model.ts'
import { genreMoves } from '../../../../src-main/engine/live/genre-moves.ts'
import { LiveSession } from '../../../../src-main/engine/live/live-session.ts'
import { fiveStars } from '../../../support/worlds.ts'

/** Eight items, best first as they are numbered; a liked item lifts the next but one above all, if the model follows at all. */
function session(follows: boolean, favourites: readonly number[] = []): LiveSession {
  let lifted: number[] = []
  const model: LiveModel = {
    begin: () => (lifted = []),
    score(items, count, out) {
      for (let i = 0; i < count; i++) out[i] = lifted.includes(items[i]!) ? 100 - items[i]! : -items[i]!
    },
    observe(item, rating) {
      if (follows && rating === 5) lifted.push(item + 2)
    },
    learn: null,
    values: null,
    history: () => ({ positive: null, negative: null }),
    vectors: null,
    probe: null,
    legacy: null,
    limits: [],
    save: () => ({ lifted: Int32Array.from(lifted) }),
    restore: (saved) => (lifted = [...(saved as { lifted: Int32Array }).lifted]),
  }
  const viewer = { kind: 'guest' as const, favourites: [...favourites] }
  const setup = { viewer, userVector: 'fixed' as const, learning: null, slate: 1, seed: 1 }
  return new LiveSession(model, setup, { itemCount: 8, scale: fiveStars, excluded: favourites })
}
const say = (itemIndex: number, feedback: LiveResponse['feedback'], rating?: number) => ({
  responses: [{ itemIndex, feedback, ...(rating === undefined ? {} : { rating }) }],
  leave: false,
})
const even = [0, 2, 4, 6]
const odd = [1, 3, 5, 7]
const genres = new Map([
  ['Even', even],
  ['Odd', odd],
  ['Nothing said', [7]],
])

describe('how genres have moved', () => {
  it('is told by ranks among what was never shown, in the opening ranking and now', () => {
    const one = session(true)
    one.answer(say(0, 'like'))
    one.answer(say(1, 'skip'))
    // Never shown are 2 to 7, in this order before; 2 was first then, and is lifted above all: nothing can rise.
    expect(genreMoves(one, genres, [])).toEqual([
      { genre: 'Even', favourites: 0, likes: 1, dislikes: 0, items: 3, before: (1 + 3 + 5) / 3, after: (1 + 3 + 5) / 3 },
    ])
    one.answer(say(4, 'rating', 5))
    // Left are 2, 3, 5, 6, 7 and were so before; now 2, 6, 3, 5, 7.
    expect(genreMoves(one, genres, [])).toEqual([
      { genre: 'Even', favourites: 0, likes: 2, dislikes: 0, items: 2, before: (1 + 4) / 2, after: (1 + 2) / 2 },
    ])
  })

  it('does not take for a rise that what was answered has left', () => {
    const held = session(false)
    for (const item of [0, 2, 1]) held.answer(say(item, 'like'))
    for (const { before, after } of genreMoves(held, genres, [])) expect(after).toBe(before)
  })

  it('counts likes, dislikes and favourites, the most liked genre first, and goes back with an undo', () => {
    const one = session(true, [3])
    one.answer(say(0, 'dislike'))
    one.answer(say(1, 'rating', 4))
    one.answer(say(5, 'rating', 3))
    const told = () =>
      genreMoves(one, genres, [3]).map(({ genre, favourites, likes, dislikes }) => [genre, favourites, likes, dislikes])
    expect(told()).toEqual([
      ['Odd', 1, 1, 1],
      ['Even', 0, 0, 1],
    ])
    one.undo()
    expect(told()).toEqual([
      ['Odd', 1, 1, 0],
      ['Even', 0, 0, 1],
    ])
  })

  it('leaves out a genre of which nothing is left', () => {
    const one = session(true)
    for (const item of even) one.answer(say(item, 'like'))
    expect(genreMoves(one, genres, [])).toEqual([])
  })
})
