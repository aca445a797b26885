import { describe, expect, test } from 'vitest'
import { lineOption, roomFor, type LineSeries } from '../../../../src-renderer/charts/line-option.ts'
import { runStyle } from '../../../../src-renderer/charts/palette.ts'

const line = (...ys: number[]): LineSeries => ({ name: 'run', color: '#000000', points: ys.map((y, x) => [x, y] as const) })
const draw = (series: LineSeries[], logY = false) =>
  lineOption({ series, levels: [{ name: 'Popularity', value: 0.7 }], dark: false, logY, formatX: String, formatY: String })
/** The points of each series; those of a line lie one after the other. */
const dataOf = (option: ReturnType<typeof draw>) =>
  (option.series as { data: number[][] | Float64Array }[]).map(({ data }) =>
    data instanceof Float64Array
      ? Array.from({ length: data.length / 2 }, (_, at) => [...data.subarray(2 * at, 2 * at + 2)])
      : data,
  )

describe('a line chart', () => {
  test('draws a floor from the first point to the last', () =>
    expect(dataOf(draw([line(1, 2, 3)]))).toEqual([
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
      [
        [0, 0.7],
        [2, 0.7],
      ],
    ]))
  test('shows floors before there are two points', () => {
    expect(dataOf(draw([]))).toEqual([
      [
        [0, 0.7],
        [1000, 0.7],
      ],
    ])
    expect(dataOf(draw([line(5)]))[1]).toEqual([
      [0, 0.7],
      [1000, 0.7],
    ])
  })
  test('leaves out what a log axis cannot show', () => expect(dataOf(draw([line(0, -1, 10)], true))[0]).toEqual([[2, 10]]))
  test('leaves out what is no number', () =>
    expect(dataOf(draw([line(1, Number.NaN, 3)]))[0]).toEqual([
      [0, 1],
      [2, 3],
    ]))
  test('is never animated', () => expect(draw([]).animation).toBe(false))
})

test('an axis with a natural end ends there, in quarters', () => {
  const option = lineOption({
    series: [line(0, 1)],
    levels: [],
    dark: false,
    logY: false,
    maxY: 1,
    formatX: String,
    formatY: String,
  })
  expect(option.yAxis).toMatchObject({ max: 1, interval: 0.25 })
  expect(draw([line(0, 1)]).yAxis).not.toHaveProperty('max')
})

test('a flat line gets an axis about its value', () => {
  expect(roomFor([line(0.5, 0.5)], [])).toEqual({ min: 0.49, max: 0.51 })
  expect(roomFor([line(0.5, 0.9)], [])).toEqual({})
  expect(roomFor([], [])).toEqual({})
})

describe('the colour of a run', () => {
  test('depends on nothing but its number', () => expect(runStyle(3, false)).toEqual(runStyle(3, false)))
  test('differs between neighbours, and beyond eight by its dash', () => {
    const looks = Array.from({ length: 24 }, (_, at) => JSON.stringify(runStyle(at + 1, true)))
    expect(new Set(looks).size).toBe(24)
  })

  test.each([
    ['light', false, [255, 255, 255]],
    ['dark', true, [29, 24, 32]],
  ] as const)('has a contrast of at least 3 on the %s ground', (_, dark, ground) => {
    for (let id = 1; id <= 8; id++) expect(contrast(rgb(runStyle(id, dark).color), ground)).toBeGreaterThanOrEqual(3)
  })
})

const rgb = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
/** By WCAG 2. */
function contrast(a: readonly number[], b: readonly number[]): number {
  const light = (color: readonly number[]) => {
    const [r, g, blue] = color.map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * blue!
  }
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x)
  return (high! + 0.05) / (low! + 0.05)
}
