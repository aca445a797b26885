import type {
  BenchmarkColumn,
  BenchmarkFigure,
  BenchmarkResult,
  BenchmarkRow,
  BenchmarkTest,
} from '../../../contract/dto/benchmark.ts'

/** What every format of the table says in the same words. */

/** Columns of one figure: the published value stands once, then ours for each subset of the users. */
export interface Measure {
  readonly title: string
  /** Positions among the columns. */
  readonly columns: readonly number[]
}

/** So many measures fit side by side: a wider table is cut into several. */
const MEASURES_ABREAST = 2

/** The measures of the table, in the blocks in which it is printed. */
export function blocksOf(columns: readonly BenchmarkColumn[]): Measure[][] {
  const groups = Map.groupBy(
    columns.map((_, at) => at),
    (at) => `${columns[at]!.metric}@${columns[at]!.k}.${columns[at]!.protocol}`,
  )
  const measures = [...groups.values()].map((own) => ({ title: columns[own[0]!]!.title.replace(/, .*$/, ''), columns: own }))
  const blocks: Measure[][] = []
  for (let at = 0; at < measures.length; at += MEASURES_ABREAST) blocks.push(measures.slice(at, at + MEASURES_ABREAST))
  return blocks
}

/** Heads of the columns of one block, beside the row's name. */
export function headsOf(block: readonly Measure[], columns: readonly BenchmarkColumn[]): string[] {
  return block.flatMap(({ title, columns: own }) => [`${title} published`, ...own.map((at) => columns[at]!.title)])
}

/** Published value and ours, column by column; null where there is none. */
export function cellsOf(row: BenchmarkRow, block: readonly Measure[]): (string | null)[] {
  return block.flatMap(({ columns: own }) => [
    decimals(row.figures[own[0]!]?.published ?? null),
    ...own.map((at) => (row.figures[at] ? withInterval(row.figures[at]) : null)),
  ])
}

/** `.6951 [.6902, .7001]` */
export function withInterval({ mean, low, high }: Pick<BenchmarkFigure, 'mean' | 'low' | 'high'>): string | null {
  if (mean === null) return null
  return low === null || high === null ? decimals(mean) : `${decimals(mean)} [${decimals(low)}, ${decimals(high)}]`
}

/** Four decimals, without the zero before the point that says nothing in a table of shares. */
export function decimals(value: number): string
export function decimals(value: number | null): string | null
export function decimals(value: number | null): string | null {
  // A difference that rounds to nothing has no sign.
  return value === null
    ? null
    : value
        .toFixed(4)
        .replace(/^-(0\.0+)$/, '$1')
        .replace(/^(-?)0\./, '$1.')
}

export function nameOf({ title, preset, role }: BenchmarkRow): string {
  return preset !== null && role !== 'floor' && role !== 'ceiling'
    ? `${title}, ${preset}`
    : preset === 'tuned'
      ? `${title}, tuned`
      : title
}

/** Why a row is not filled; null where it is. */
export function noteOf({ state, unavailable, error }: BenchmarkRow): string | null {
  if (unavailable !== null) return unavailable
  if (error !== null) return error
  return state === 'done' ? null : `${state}.`
}

export function titleOf({ benchmark }: BenchmarkResult): string {
  const { title, datasetName, seeds } = benchmark
  return `${title}, on ${datasetName}, ${seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds`}`
}

/** One line for each source, with the warning that belongs to it. */
export function citationLines({ citations }: BenchmarkResult): string[] {
  return citations.map(({ paper, table, page, caution }) => {
    const place = [table, page === null ? null : `page ${page}`].filter(Boolean).join(', ')
    return `Published: ${paper}. ${place}.${caution === null ? '' : ` Not comparable as it stands: ${caution}`}`
  })
}

/** Warnings of protocols whose figures stand in the table. */
export function cautionLines({ columns }: BenchmarkResult): string[] {
  return [...new Set(columns.flatMap(({ protocol, caution }) => (caution === undefined ? [] : [`${protocol}: ${caution}`])))]
}

export const intervalLine =
  'Ours: mean over seeds and users, with the 95 % bootstrap interval over both. Published values are shown beside ours and are no pass mark.'

export const testHeads = ['a', 'b', 'a - b', '95 % interval', 'p', 'p (Holm)', 'users', 'verdict']

/** The cells of a test under `testHeads`. */
export function testCells(test: BenchmarkTest): (string | null)[] {
  const { low, high } = test
  return [
    sideName(test.a, test.aProtocol, test),
    sideName(test.b, test.bProtocol, test),
    decimals(test.difference),
    low === null || high === null ? null : `[${decimals(low)}, ${decimals(high)}]`,
    decimals(test.p),
    decimals(test.correctedP),
    String(test.users),
    test.verdict === 'not distinguishable' ? test.verdict : `a is ${test.verdict}`,
  ]
}

function sideName(row: string, protocol: string, { aProtocol, bProtocol }: BenchmarkTest): string {
  return aProtocol === bProtocol ? row : `${row}, ${protocol}`
}

/** Tests that were corrected together: of one claim, by one figure. */
export function families({ claims, tests }: BenchmarkResult): { title: string; doc: string; tests: BenchmarkTest[] }[] {
  return claims.flatMap(({ claim, title, doc }) =>
    [
      ...Map.groupBy(
        tests.filter((test) => test.claim === claim),
        ({ metric, k, subset }) => `${metric}@${k}, ${subset}`,
      ),
    ].map(([figure, own]) => ({ title: `${title}: ${figure}`, doc, tests: own })),
  )
}
