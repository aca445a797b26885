import { describe, expect, test } from 'vitest'
import {
  fileName,
  formatAgo,
  formatBytes,
  formatDuration,
  formatScore,
  formatValue,
  humanise,
  plural,
} from '../../../../src-renderer/composables/format.ts'

describe('figures are written the same way everywhere', () => {
  test.each([
    [0.90341, '.9034'],
    [1, '1'],
    [0.99999, '1'],
    [0, '.0000'],
    [-0.25, '-.2500'],
    [null, '–'],
    [undefined, '–'],
  ])('a score of %s reads %s', (value, text) => expect(formatScore(value)).toBe(text))

  test.each([
    [0, '0'],
    [12_340.6, '12,341'],
    [3.14159, '3.142'],
    [0.00042, '0.00042'],
    [1.2e-7, '1.20e-7'],
    [-2.5e12, '-2.50e+12'],
    [Number.NaN, '–'],
  ])('a value of %s reads %s', (value, text) => expect(formatValue(value)).toBe(text))

  test.each([
    [400, '0.4 s'],
    [12_400, '12 s'],
    [59_600, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [7_620_000, '2 h 07 min'],
    [273_600_000, '3 d 4 h'],
  ])('%s milliseconds read %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

  test.each([
    [999, '999 B'],
    [48_300_000, '48.3 MB'],
    [123_000_000_000, '123 GB'],
  ])('%s bytes read %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  test('a time of today is told from now, an older one by its date', () => {
    const now = new Date(2026, 2, 1, 12).getTime()
    expect(formatAgo(now - 5_000, now)).toBe('just now')
    expect(formatAgo(now - 240_000, now)).toBe('4 min ago')
    expect(formatAgo(now - 2 * 86_400_000, now)).toBe('2026-02-27 12:00')
  })

  test('one run is not "1 runs"', () => expect([plural(1, 'run'), plural(1200, 'run')]).toEqual(['1 run', '1,200 runs']))
})

test.each([
  ['actorLearningRate', 'Actor learning rate'],
  ['l2', 'L2'],
  ['batch-size', 'Batch size'],
])('the parameter %s is called "%s"', (name, text) => expect(humanise(name)).toBe(text))

test.each([
  ['../../etc/passwd', 'etc-passwd'],
  ['<b>Ünïcode</b>', 'b-U-ni-code-b'],
  ['...', 'palate'],
])('a download named after %s is %s', (text, name) => expect(fileName(text)).toBe(name))
