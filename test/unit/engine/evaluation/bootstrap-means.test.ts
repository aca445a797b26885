import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { bootstrapMeans } from '../../../../src-main/engine/evaluation/bootstrap-means.ts'
import { drain } from '../../../support/worlds.ts'

/** One column at a time, as one would write it down: users in the order in which they are drawn. */
function plainMeans(column: Float64Array, users: Int32Array, count: number, rng: Rng): Float64Array {
  return Float64Array.from({ length: count }, () => {
    const drawn = Int32Array.from({ length: users.length }, () => users[rng.below(users.length)]!)
    const values = [...drawn].map((user) => column[user]!).filter((value) => !Number.isNaN(value))
    return values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length
  })
}

describe('bootstrap means of several columns', () => {
  it('are those of each column alone in the same samples: bit for bit, and but for rounding as one would write them down', () => {
    const value = fc.oneof({ weight: 4, arbitrary: fc.double({ min: -5, max: 5, noNaN: true }) }, fc.constant(NaN))
    const columns = fc.integer({ min: 1, max: 12 }).chain((size) =>
      fc.record({
        columns: fc.array(fc.array(value, { minLength: size, maxLength: size }), { minLength: 1, maxLength: 4 }),
        users: fc.subarray([...Array(size).keys()], { minLength: 1 }),
      }),
    )
    fc.assert(
      fc.property(columns, fc.nat(99), (world, seed) => {
        const users = Int32Array.from(world.users)
        const given = world.columns.map((column) => Float64Array.from(column))
        const means = drain(bootstrapMeans(given, users, 5, Rng.stream(seed, 'bootstrap')))
        given.forEach((column, m) => {
          expect(means[m]).toEqual(drain(bootstrapMeans([column], users, 5, Rng.stream(seed, 'bootstrap')))[0])
          plainMeans(column, users, 5, Rng.stream(seed, 'bootstrap')).forEach((mean, sample) => {
            if (Number.isNaN(mean)) expect(means[m]![sample]).toBeNaN()
            else expect(Math.abs(means[m]![sample]! - mean)).toBeLessThan(1e-13)
          })
        })
      }),
    )
  })
})
