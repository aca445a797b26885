import { expect, test } from 'vitest'
import { bool, choice, float, int, rangeText, showValue } from '../../../src-main/contract/params.ts'

test('a range is short', () => {
  expect(rangeText(float({ default: 1e-4, min: 1e-7, max: 1, doc: 'How fast.' }))).toBe('1e-7 … 1')
  expect(rangeText(int({ default: 1, min: 0, max: 1_000_000, doc: 'How many.' }))).toBe('0 … 1e6')
  expect(rangeText(bool({ default: false, doc: 'Whether.' }))).toBe('')
  const options = [
    { value: 'both', label: 'Both' },
    { value: 'one', label: 'One' },
  ] as const
  expect(rangeText(choice({ default: 'both', options, doc: 'Which.' }))).toBe('both, one')
})

test('a switch is on or off', () => {
  expect([true, false, 0.5, 'adam'].map(showValue)).toEqual(['on', 'off', '0.5', 'adam'])
})
