import { expect, test } from 'vitest'
import { parseNumberList } from '../../../../src-renderer/composables/number-list.ts'

const limits = { min: 0, max: 1000, most: 100 }

test.each([
  ['1, 2,3', [1, 2, 3]],
  ['1-4', [1, 2, 3, 4]],
  ['7 5;5', [7, 5]],
  ['0..2, 9', [0, 1, 2, 9]],
])('"%s" are the seeds %j', (text, values) => expect(parseNumberList(text, 'seed', limits)).toEqual({ ok: true, values }))

test.each([
  ['', 'Give at least one seed, for instance "1, 2, 3".'],
  ['1, x', '"x" is no seed: whole numbers from 0 to 1000 are, and ranges such as 1-5.'],
  ['5-1', '"5-1" is no seed: whole numbers from 0 to 1000 are, and ranges such as 1-5.'],
  ['1001', '"1001" is no seed: whole numbers from 0 to 1000 are, and ranges such as 1-5.'],
  ['0-999', 'At most 100 of them at a time.'],
  ['1-60, 100-160', 'At most 100 of them at a time.'],
])('"%s" is refused: %s', (text, message) => expect(parseNumberList(text, 'seed', limits)).toEqual({ ok: false, message }))
