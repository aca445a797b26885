import { expect, test } from 'vitest'
import { formatP, formatSigned } from '../../../../src-renderer/composables/format.ts'
import { verdictLook } from '../../../../src-renderer/composables/verdicts.ts'

test('what is better depends on the metric', () => {
  const label = (...of: Parameters<typeof verdictLook>) => verdictLook(...of).label
  expect(label('higher', 'higher')).toBe('Better')
  expect(label('higher', 'lower')).toBe('Worse')
  expect(label('lower', 'lower')).toBe('Better')
  expect(label('lower', 'neither')).toBe('Lower')
  expect(label('not distinguishable', 'lower')).toBe('Not distinguishable')
})

test('a difference has its sign, and none where it is nought', () => {
  expect([0.0123, -0.0045, 0.00001, -1.5, null].map(formatSigned)).toEqual(['+.0123', '−.0045', '±0', '−1.5000', '–'])
})

test('a probability is never nought', () => {
  expect([0.0123, 0.0004, 1, 0.9996, null].map(formatP)).toEqual(['.012', '< .001', '1', '1', '–'])
})
