import { describe, expect, test } from 'vitest'
import { splitText } from '../../../../src-main/contract/dto/split.ts'
import { splitKinds, splitProblems, splitTextOf } from '../../../../src-renderer/composables/split-form.ts'

const texts = { share: '80', splitSeed: '', lastCount: '1' }

describe('the split of the run form', () => {
  test('is written as the contract reads it, whichever kind is chosen', () => {
    const written = splitKinds.map(({ value }) => splitTextOf(value, { share: ' 7', splitSeed: ' 3 ', lastCount: '2' }))
    expect(written).toEqual(['random:0.07@3', 'chronological:0.07', 'time:0.07', 'leave-last:2'])
    for (const text of written) expect(splitText.safeParse(text).success).toBe(true)
    expect(splitTextOf('random', texts)).toBe('random:0.8')
    for (let share = 1; share < 100; share++) {
      const text = splitTextOf('chronological', { ...texts, share: String(share) })
      expect(splitText.safeParse(text).success, text).toBe(true)
    }
  })

  test('has problems only in the fields that its kind shows', () => {
    const broken = { share: '100', splitSeed: 'x', lastCount: '0' }
    const fields = splitKinds.map(({ value }) => Object.keys(splitProblems(value, broken, 'unix-seconds')))
    expect(fields).toEqual([['share', 'splitSeed'], ['share'], ['share'], ['lastCount']])
    for (const { value } of splitKinds) expect(splitProblems(value, texts, 'unix-seconds')).toEqual({})
  })

  test('by one moment wants a data set that knows when', () => {
    expect(splitProblems('time', texts, 'per-user-rank')).toEqual({
      splitKind: 'This data set does not say when its ratings were given.',
    })
    expect(splitProblems('time', texts, undefined)).toEqual({})
    expect(splitProblems('chronological', texts, 'per-user-rank')).toEqual({})
  })
})
