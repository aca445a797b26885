import { describe, expect, test } from 'vitest'
import { pointsOf, unchangedSince } from '../../../../src-renderer/charts/chart-changes.ts'
import { pictureOption, svgText } from '../../../../src-renderer/charts/chart-image.ts'
import { barRange, differenceOption } from '../../../../src-renderer/charts/difference-option.ts'
import { lineOption, type LineChartInput, type LineSeries } from '../../../../src-renderer/charts/line-option.ts'
import { axisText, parallelOption, type PlotAxis } from '../../../../src-renderer/charts/parallel-option.ts'
import { scatterOption } from '../../../../src-renderer/charts/scatter-option.ts'

/** The option as it stands in a file: functions are told as such, nothing else is left out. */
const plain = (_: string, value: unknown) =>
  typeof value === 'function' ? '(function)' : value instanceof Float64Array ? [...value] : value
const told = (option: object) => `${JSON.stringify(option, plain, 1)}\n`

const line = (id: string, ...ys: number[]): LineSeries => ({
  id,
  name: `run ${id}`,
  color: '#0072b2',
  points: ys.map((y, at) => [at * 10, y] as const),
})
const input = (change: Partial<LineChartInput> = {}): LineChartInput => ({
  series: [line('1', 0.5, 0.25), { ...line('1 raw', 0.6, 0.2), faint: true }],
  levels: [{ name: 'Popularity', value: 0.7 }],
  dark: false,
  logY: false,
  formatX: String,
  formatY: String,
  ...change,
})
const axes: PlotAxis[] = [
  { name: 'Learning rate', kind: 'number', log: true },
  { name: 'Feedback', kind: 'choice', choices: ['both', 'positive'] },
  { name: 'NDCG@20', kind: 'number', log: false, score: true },
]
const lines = [
  { name: 'a', color: '#0072b2', dash: 'solid' as const, values: [0.001, 0, 0.9] },
  { name: 'b', color: '#c14a00', dash: 'dashed' as const, values: [0.1, 1, null] },
]
const differences = {
  users: 10,
  bars: [
    { bar: -1, from: -0.15, to: -0.05, users: 2 },
    { bar: 0, from: -0.05, to: 0.05, users: 5 },
    { bar: 1, from: 0.05, to: 0.15, users: 3 },
  ],
}

describe('options are what they were', () => {
  test('lines with raw values behind, a floor, a band, a best check and a part of the axis', () =>
    expect(
      told(
        lineOption(
          input({
            bands: [
              {
                name: 'group',
                color: '#0072b2',
                points: [
                  [0, 0.4, 0.6],
                  [10, 0.2, 0.3],
                ],
              },
            ],
            marks: [{ name: 'best', x: 0, y: 0.5, color: '#0072b2', symbol: 'diamond' }],
            extentX: [0, 100],
            window: [0, 50],
          }),
        ),
      ),
    ).toMatchFileSnapshot('snapshots/lines.txt'))
  test('lines on a logarithmic axis in the dark theme', () =>
    expect(told(lineOption(input({ logY: true, dark: true })))).toMatchFileSnapshot('snapshots/lines-log-dark.txt'))
  test('parallel coordinates, one run marked', () =>
    expect(told(parallelOption({ axes, lines, marked: new Set([1]), dark: false }))).toMatchFileSnapshot(
      'snapshots/parallel.txt',
    ))
  test('a scatter plot with whiskers', () =>
    expect(
      told(
        scatterOption({
          points: [
            { name: 'a', color: '#0072b2', x: 0.001, y: 0.9, low: 0.88, high: 0.92 },
            { name: 'b', color: '#c14a00', x: 0.1, y: 0.8, low: null, high: null },
          ],
          x: axes[0]!,
          y: 'NDCG@20',
          marked: 1,
          dark: false,
        }),
      ),
    ).toMatchFileSnapshot('snapshots/scatter.txt'))
  test('a histogram of differences, a bar chosen', () =>
    expect(told(differenceOption({ differences, chosen: 1, names: ['a', 'b'], dark: true }))).toMatchFileSnapshot(
      'snapshots/differences.txt',
    ))
})

describe('a band', () => {
  const bandsOf = (logY: boolean, points: [number, number, number][]) =>
    (
      lineOption(input({ logY, bands: [{ name: 'g', color: '#000000', points }] })).series as { type: string; data: number[][] }[]
    ).filter((one) => one.type === 'custom')
  test('leaves out what a log axis cannot show', () =>
    expect(
      bandsOf(true, [
        [0, -1, 1],
        [1, 0.1, 1],
        [2, 0.2, 2],
      ])[0]!.data,
    ).toEqual([
      [1, 0.1, 1],
      [2, 0.2, 2],
    ]))
  test('of a single point is none', () => expect(bandsOf(false, [[0, 0, 1]])).toEqual([]))
})

describe('an axis', () => {
  test('of a plot is logarithmic only where it can hold all of the values', () => {
    const of = (values: (number | null)[]) => {
      const { parallelAxis } = parallelOption({
        axes: [axes[0]!],
        lines: values.map((value) => ({ ...lines[0]!, values: [value] })),
        marked: undefined,
        dark: false,
      })
      return parallelAxis?.[0]?.type
    }
    expect(of([0.1, null])).toBe('log')
    expect(of([0.1, 0])).toBe('value')
  })
  test('says values as the tables do', () => {
    expect(axes.map((axis) => axisText(axis, 1))).toEqual(['1', 'positive', '1'])
    expect(axisText(axes[2]!, 0.5)).toBe('.5000')
    expect(axisText(axes[0]!, null)).toBe('–')
  })
})

test('a bar is called by its ends', () => expect(barRange(differences.bars[0]!)).toBe('−.1500 to −.0500'))

describe('what has changed in a chart', () => {
  const a = line('1', 1, 2)
  const b = line('2', 3, 4)
  const of = (...series: LineSeries[]) => lineOption(input({ series, levels: [] }))
  const idsOf = (same: ReturnType<typeof unchangedSince>) => same && [...same].map((one) => one.id)
  test('is the line that has grown, and no other', () =>
    expect(idsOf(unchangedSince(of(a, b), of(a, line('2', 3, 4, 5))))).toEqual(['1']))
  test('is everything when a line has come, gone or changed its place', () => {
    expect(unchangedSince(of(a), of(a, b))).toBeUndefined()
    expect(unchangedSince(of(a, b), of(b, a))).toBeUndefined()
  })
  test('is everything on another scale', () =>
    expect(unchangedSince(of(a), lineOption(input({ series: [a], levels: [], logY: true })))).toBeUndefined())
  test('the points of all of its series are counted', () => expect(pointsOf(of(a, b))).toBe(4))
})

describe('a picture', () => {
  const picture = {
    title: 'Mean Q <b>',
    subtitle: 'over gradient updates',
    option: lineOption(input()),
    legend: [{ seriesName: '1', name: 'run & co', color: '#0072b2', dash: 'dashed' as const }],
    width: 400,
    height: 300,
  }
  test('makes room for its title and as many rows of names as it needs', () => {
    const topOf = (names: number) => {
      const legend = Array.from({ length: names }, (_, at) => ({
        ...picture.legend[0]!,
        seriesName: String(at),
        name: 'a name of twenty ltrs',
      }))
      return (pictureOption({ ...picture, legend }).grid as { top: number }).top
    }
    expect(topOf(1) - topOf(0)).toBe(23)
    expect(topOf(8) - topOf(1)).toBe(69)
  })
  test('is drawn on white, with the names of its runs, and what is text stays text', () => {
    const svg = svgText(picture)
    expect(svg).toMatch(/^<svg width="400" height="300"/)
    expect(svg).toContain('fill="#ffffff"')
    expect(svg).toContain('>Mean Q &lt;b&gt;<')
    expect(svg).toContain('>over gradient updates<')
    expect(svg).toContain('>run &amp; co<')
    expect(svg).not.toContain('<b>')
  })
  test('of parallel coordinates has a frame of its own', () => {
    const option = pictureOption({ ...picture, option: parallelOption({ axes, lines, marked: undefined, dark: false }) })
    expect(option.grid).toBeUndefined()
    expect(option.parallel).toMatchObject({ top: 14 + 24 + 17 + 23 + 14 + 34 })
  })
})
