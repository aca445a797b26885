import { describe, expect, test } from 'vitest'
import { barOption } from '../../../../src-renderer/charts/bar-option.ts'
import { itemMapOption } from '../../../../src-renderer/charts/item-map-option.ts'
import { feedbackLooks, rampColors } from '../../../../src-renderer/charts/palette.ts'
import { cellsOf, legendSteps, sparsityOption } from '../../../../src-renderer/charts/sparsity-option.ts'
import { timelineOption } from '../../../../src-renderer/charts/timeline-option.ts'

type Series = { data: unknown[]; symbol?: string }
const seriesOf = (option: { series?: unknown }) => option.series as Series[]

describe('the picture of who rated what', () => {
  const picture = { userEdges: [0, 2, 3], itemEdges: [0, 1, 3], ratings: [2, 1, 0, 2] }
  test('fills a cell by the pairs that it stands for', () =>
    expect(cellsOf(picture).map(({ row, column, fill }) => [row, column, fill])).toEqual([
      [0, 0, 1],
      [0, 1, 0.25],
      [1, 0, 0],
      [1, 1, 1],
    ]))
  test('has columns for items, rows for users, and colours by the square root', () =>
    expect(seriesOf(sparsityOption(picture, false))[0]!.data).toEqual([
      [0, 0, 1],
      [1, 0, 0.5],
      [0, 1, 0],
      [1, 1, 1],
    ]))
  test('has a legend whose steps are even in colour', () => expect(legendSteps(0.8, 3)).toEqual([0, 0.2, 0.8]))
  test.each([false, true])('goes by lightness alone (dark: %s)', (dark) => {
    const lights = rampColors(dark).map((hex) => luminance(hex))
    const sorted = [...lights].sort((a, b) => (dark ? a - b : b - a))
    expect(lights).toEqual(sorted)
    expect((Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05)).toBeGreaterThan(7)
  })
})

test('a timeline tells feedback by shape as well as by colour', () => {
  const point = (x: number, rating: number, feedback: 'positive' | 'negative' | 'neutral') => ({
    x,
    rating,
    feedback,
    title: 't',
    when: 'w',
  })
  const points = [point(1, 5, 'positive'), point(2, 1, 'negative'), point(3, 3, 'neutral'), point(4, 4, 'positive')]
  const series = seriesOf(timelineOption({ points, scale: { min: 1, max: 5 }, formatX: String, dark: false }))
  expect(series.map((one) => one.data)).toEqual([[[3, 3]], [[2, 1]], [[1, 5], [4, 4]]]) // prettier-ignore
  expect(new Set(series.map((one) => one.symbol)).size).toBe(3)
})

test.each([false, true])('feedback stands out from the ground by 3 to 1 (dark: %s)', (dark) => {
  const ground = luminance(dark ? '#1d1820' : '#ffffff')
  for (const { color } of Object.values(feedbackLooks(dark))) {
    const [high, low] = [luminance(color), ground].sort((a, b) => b - a)
    expect((high! + 0.05) / (low! + 0.05)).toBeGreaterThanOrEqual(3)
  }
})

test('a map draws what does not stand out behind what does', () => {
  const point = (x: number, faint: boolean) => ({ x, y: 0, name: 'n', genres: [], ratings: 1, color: '#000000', faint })
  const [behind, before] = seriesOf(itemMapOption([point(1, false), point(2, true)], [0.2, 0.1], false))
  expect((behind!.data as { value: number[] }[]).map((one) => one.value)).toEqual([[2, 0]])
  expect((before!.data as { value: number[] }[]).map((one) => one.value)).toEqual([[1, 0]])
})

test('bars keep their order, and are never animated', () => {
  const option = barOption([{ tick: 'b', name: 'b', value: 2 }, { tick: 'a', name: 'a', value: 1 }], 'ratings', '#000', true) // prettier-ignore
  expect(seriesOf(option)[0]!.data).toEqual([2, 1])
  expect(option.animation).toBe(false)
})

/** By WCAG 2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
