import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sideFeaturesOf } from '../../../../src-main/engine/data/side-features.ts'

const userWith = (attributes: Record<string, string | number> | null) => ({ attributes })
const item = (genres: string[], year: number | null = null) => ({ genres, year })

/** The categories of every entity, in words. */
const told = ({ values, start, ids }: { values: readonly string[]; start: Int32Array; ids: Int32Array }) =>
  Array.from({ length: start.length - 1 }, (_, e) => [...ids.subarray(start[e], start[e + 1])].map((id) => values[id]))

describe('side features', () => {
  it('tell categories by name, several for genres, none where nothing is known', () => {
    const { users, items } = sideFeaturesOf({
      users: [userWith({ gender: 'F', age: 18 }), userWith(null), userWith({ gender: 'M', age: 25 }), userWith({ gender: '' })],
      items: [item(['Drama', 'Crime']), item([]), item(['Crime'])],
    })
    expect(users.map((field) => [field.name, told(field)])).toEqual([
      ['age', [['18'], [], ['25'], []]],
      ['gender', [['F'], [], ['M'], []]],
    ])
    expect(items.map((field) => [field.name, told(field)])).toEqual([['genres', [['Drama', 'Crime'], [], ['Crime']]]])
  })

  it('leave out what tells nobody apart, and texts that nearly everybody has for himself', () => {
    const users = Array.from({ length: 300 }, (_, user) => userWith({ planet: 'Earth', zip: String(10_000 + user) }))
    expect(sideFeaturesOf({ users, items: [] }).users).toEqual([])
  })

  it('cut many numbers into ten groups of about equal size', () => {
    const users = Array.from({ length: 1000 }, (_, user) => userWith({ age: user / 10 }))
    const [age] = sideFeaturesOf({ users, items: [] }).users
    expect(age!.values).toHaveLength(10)
    expect(age!.values).toContain('10 to below 20')
    const counts = new Array<number>(10).fill(0)
    for (const id of age!.ids) counts[id]!++
    expect(counts).toEqual(new Array(10).fill(100))
  })

  it('give every user exactly one group of a number, whatever the numbers are', () => {
    const ages = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 2, maxLength: 200 })
    fc.assert(
      fc.property(ages, (numbers) => {
        const { users } = sideFeaturesOf({ users: numbers.map((age) => userWith({ age })), items: [] })
        const [age] = users
        if (!age) return new Set(numbers.map(String)).size < 2
        return age.start.every((at, e) => at === e) && age.ids.every((id) => id >= 0 && id < age.values.length)
      }),
    )
  })
})
