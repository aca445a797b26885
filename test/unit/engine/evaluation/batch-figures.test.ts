import { describe, expect, it } from 'vitest'
import { batchFigures, type PlayedRewards } from '../../../../src-main/engine/evaluation/statistics/batch-figures.ts'
import { drain } from '../../../support/worlds.ts'

const gone = NaN
const run = (...rewards: number[]): PlayedRewards => ({ rewards: Float32Array.from(rewards), isRun: true, isFloor: false })
const floor = (...rewards: number[]): PlayedRewards => ({ rewards: Float32Array.from(rewards), isRun: false, isFloor: true })
const ceiling = (...rewards: number[]): PlayedRewards => ({ rewards: Float32Array.from(rewards), isRun: false, isFloor: false })
const figures = (players: readonly PlayedRewards[], users: number, steps: number) =>
  drain(batchFigures(players, { users, steps, likedFrom: 0.5 }, 1))

describe('the figures of a batch', () => {
  it('are those that a hand counts: two users, three steps, one of them gone after the second', () => {
    const { players } = figures([run(1, 0.5, 0, 0.25, -2, gone)], 2, 3)
    const [own] = players
    // Sums: 1.5 and -1.75. Liked from .5 on: two of one user, none of the other.
    expect(own!.episode.mean).toBe(-0.125)
    expect([own!.steps, own!.likes, own!.endedEarly]).toEqual([2.5, 1, 0.5])
    expect(own!.perStep.map(({ mean }) => mean)).toEqual([0.625, -0.75, 0])
    expect(own!.soFar.map(({ mean }) => mean)).toEqual([0.625, -0.125, -0.125])
  })

  it('test runs with each other and with floors, not with the ceiling, and floors not at all', () => {
    const alike = [1, 0, 1, 0, 1, 0]
    const { pairs } = figures([run(...alike), run(...alike), floor(...alike), floor(...alike), ceiling(...alike)], 3, 2)
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
    ])
    for (const { difference, low, high, verdict } of pairs) {
      expect([difference, low, high, verdict]).toEqual([0, 0, 0, 'not distinguishable'])
    }
  })

  it('tell a player that earns one more with everybody from its floor, with an interval of no width', () => {
    const users = 12
    const base = Array.from({ length: users }, (_, user) => user % 3)
    const { pairs, players } = figures([run(...base.map((value) => value + 1)), floor(...base)], users, 1)
    expect(pairs[0]).toMatchObject({ difference: 1, low: 1, high: 1, verdict: 'higher' })
    expect(players[1]!.episode.low!).toBeLessThan(1)
    expect(players[1]!.episode.high!).toBeGreaterThan(1)
  })
})
