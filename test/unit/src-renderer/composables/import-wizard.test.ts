import { describe, expect, test } from 'vitest'
import type { ColumnFound, ColumnRole } from '../../../../src-main/contract/dto/import-settings.ts'
import { roleOptions, rolesHeld, withRole } from '../../../../src-renderer/composables/column-choice.ts'
import { sameSetting, settingText, settingValue, settingWords } from '../../../../src-renderer/composables/reading-fields.ts'
import { readScale, scaleTexts } from '../../../../src-renderer/composables/scale-form.ts'
import { kindOfBin, thresholdAxis, withThreshold } from '../../../../src-renderer/composables/threshold-axis.ts'

const columns = (...names: string[]): ColumnFound[] => names.map((name) => ({ name, role: null, samples: [] }))
const none: ColumnRole | null = null

describe('the role of a column', () => {
  const table = columns('who', 'what', 'stars', 'when')
  const refs = { user: 'who', item: 'what', rating: '3' }

  test('is found by the name of the column or by its number', () =>
    expect(rolesHeld(table, refs)).toEqual(['user', 'item', 'rating', none]))
  test('swaps with that of the column which had it, so that none is lost', () =>
    expect(withRole(table, refs, 1, 'user')).toEqual({
      user: '2',
      item: '1',
      rating: '3',
      behaviour: '',
      scenario: '',
      time: '',
    }))
  test('can be given to a column that had none; the other column is then not read', () =>
    expect(withRole(table, refs, 3, 'rating')).toEqual({
      user: '1',
      item: '2',
      rating: '4',
      behaviour: '',
      scenario: '',
      time: '',
    }))
  test('can be taken away, and is then said to be nowhere', () =>
    expect(withRole(table, refs, 2, null)).toEqual({ user: '1', item: '2', rating: '', behaviour: '', scenario: '', time: '' }))
  test('is never said to be nowhere for users and items: the engine goes on looking', () =>
    expect(withRole(table, {}, 2, 'rating')).toEqual({ rating: '3', behaviour: '', scenario: '', time: '' }))
  test('goes by name where another column is called like its number', () =>
    expect(withRole(columns('3', 'b', 'c'), { user: 'b' }, 2, 'item')).toMatchObject({ user: '2', item: 'c' }))
  test('goes by name where the format names its columns', () =>
    expect(withRole(table, refs, 3, 'time', true)).toEqual({
      user: 'who',
      item: 'what',
      rating: 'stars',
      behaviour: '',
      scenario: '',
      time: 'when',
    }))
  test('of users and items cannot be "not read"', () => {
    expect(roleOptions('user').map((one) => one.value)).not.toContain('none')
    expect(roleOptions('time').map((one) => one.value)).toContain('none')
  })
})

describe('a setting', () => {
  test('is shown as text and read back', () => {
    expect(settingText('missing', { missing: ['99', ''] })).toBe('99, ""')
    expect(settingValue('missing', ' 99 , "",')).toEqual(['99', ''])
    expect(settingValue('missing', '')).toEqual([])
    expect(settingText('header', { header: false })).toBe('no')
    expect(settingValue('header', 'yes')).toBe(true)
    expect(settingValue('quote', '')).toBe('')
    expect(settingValue('separator', '')).toBeUndefined()
  })
  test('is named in words', () => {
    expect(settingWords('separator', { separator: '\t' })).toBe('Tab')
    expect(settingWords('separator', { separator: '~' })).toBe('~')
    expect(settingWords('quote', { quote: '' })).toBe('Fields are never quoted')
    expect(settingWords('timeUnit', {})).toBe('nothing')
    expect(settingWords('missing', { missing: [] })).toBe('nothing')
  })
  test('is the same whatever the order of its parts', () => {
    expect(sameSetting({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true)
    expect(sameSetting(['a', 'b'], ['b', 'a'])).toBe(false)
  })
})

describe('thresholds between bars', () => {
  const scale = { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 }
  const bars = [
    { from: 3, to: 3, count: 7 },
    { from: 4, to: 4, count: 9 },
  ]
  const axis = thresholdAxis(bars, scale)

  test('have bars for ratings that nobody gave', () =>
    expect(axis.bins.map((bin) => [bin.from, bin.count])).toEqual([
      [1, 0],
      [2, 0],
      [3, 7],
      [4, 9],
      [5, 0],
    ]))
  test('stand left of the first liked and right of the last disliked bar', () => {
    expect(axis.positionOf('positiveFrom', 4)).toBeCloseTo(0.6)
    expect(axis.positionOf('negativeTo', 2)).toBeCloseTo(0.4)
    expect(axis.valueAt('positiveFrom', 0.58)).toBe(4)
    expect(axis.valueAt('negativeTo', 0.42)).toBe(2)
  })
  test('stay on the scale and never cross', () => {
    expect(axis.step('positiveFrom', 5, 1)).toBe(5)
    expect(axis.step('negativeTo', 1, -1)).toBe(1)
    expect(withThreshold(axis, scale, 'positiveFrom', 1)).toEqual({ ...scale, positiveFrom: 3 })
    expect(withThreshold(axis, scale, 'negativeTo', 99)).toEqual({ ...scale, negativeTo: 3 })
  })
  test('of an uneven scale stand between the values that there are', () => {
    const uneven = thresholdAxis(
      [
        { from: 0, to: 0, count: 1 },
        { from: 0.1, to: 0.1, count: 1 },
      ],
      { ...scale, min: 0, max: 1000 },
    )
    expect(uneven.bins.map((bin) => bin.from)).toEqual([0, 0.1, 1000])
  })
  test('have halves where ratings have halves', () => {
    const halves = thresholdAxis(
      [
        { from: 0.5, to: 0.5, count: 1 },
        { from: 4, to: 4, count: 1 },
      ],
      { ...scale, min: 0.5 },
    )
    expect(halves.bins).toHaveLength(10)
    expect(halves.step('positiveFrom', 4, 1)).toBe(4.5)
  })
})

describe('thresholds on ranges', () => {
  const scale = { min: -10, max: 10, positiveFrom: 5, negativeTo: -5 }
  const bins = Array.from({ length: 50 }, (_, at) => ({ from: -9.95 + at * 0.398, to: -9.95 + (at + 1) * 0.398, count: at }))
  const axis = thresholdAxis(bins, scale)

  test('move in round steps', () => {
    expect(axis.step('positiveFrom', 5, 1)).toBe(5.2)
    expect(axis.step('negativeTo', -5, -1)).toBe(-5.2)
    expect(axis.valueAt('positiveFrom', 0.501)).toBe(0)
  })
  test('end with the scale, and stop one step before each other', () => {
    expect(withThreshold(axis, scale, 'positiveFrom', 99).positiveFrom).toBe(10)
    expect(withThreshold(axis, scale, 'negativeTo', 7).negativeTo).toBe(4.8)
  })
  test('colour a bar only when all of it is liked or disliked', () => {
    expect(kindOfBin({ from: 4.9, to: 5.3, count: 1 }, scale)).toBe('neutral')
    expect(kindOfBin({ from: 5, to: 5.4, count: 1 }, scale)).toBe('positive')
    expect(kindOfBin({ from: -5.4, to: -5, count: 1 }, scale)).toBe('negative')
  })
})

describe('a scale that is typed', () => {
  const texts = scaleTexts({ min: 1, max: 5, positiveFrom: 4, negativeTo: 2 })
  test('is read back', () => expect(readScale(texts)).toEqual({ scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 } }))
  test.each([
    [{ min: '' }, 'All four are numbers, with a point: 4.5.'],
    [{ positiveFrom: '4,5' }, 'All four are numbers, with a point: 4.5.'],
    [{ positiveFrom: '6' }, 'Both thresholds lie on the scale, from 1 to 5.'],
    [{ negativeTo: '4' }, 'The negative threshold must lie below the positive one.'],
    [{ min: '5' }, 'The lowest rating must be below the highest.'],
  ])('says what is wrong with %o', (part, fault) => expect(readScale({ ...texts, ...part })).toEqual({ fault }))
})
