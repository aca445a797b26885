import type { CsvCell } from '../../src-main/contract/csv.ts'
import type { CompareCell, CompareLine, Figure } from './compare-table.ts'
import { fileName, formatScore } from './format.ts'
import { csvText, latexText, markdownText } from './table-text.ts'

export interface CompareExport {
  readonly datasetName: string
  readonly baseline: string
  readonly figure: Figure
  readonly metrics: readonly { readonly id: string; readonly title: string }[]
  readonly lines: readonly CompareLine[]
  /** Who is compared on what, and what a reader must know beside it. */
  readonly notes: readonly string[]
}

const csvHead = [
  'model',
  'role',
  'runs',
  'dataset',
  'protocol',
  'users',
  'k',
  'metric',
  'mean',
  'low',
  'high',
  'interquartileMean',
  'baseline',
  'difference',
  'differenceLow',
  'differenceHigh',
  'pairedUsers',
  'p',
  'pHolm',
  'verdict',
]

/** Tidy: a row for each figure of each line, with its paired test against the baseline. */
export function compareCsv({ lines, metrics, figure, datasetName, baseline }: CompareExport, formulaGuard: boolean): string {
  const rows = lines.flatMap((line) =>
    metrics.flatMap(({ id }): CsvCell[][] => {
      const cell = line.cells.get(id)
      if (!cell) return []
      const { protocol, subset, k } = figure
      const place = [line.label, line.role, line.runIds.join(' '), datasetName, protocol, subset, k, id]
      return [[...place, cell.mean, cell.low, cell.high, cell.interquartileMean, ...testCells(cell, baseline)]]
    }),
  )
  return csvText(csvHead, rows, formulaGuard)
}

function testCells({ against }: CompareCell, baseline: string): CsvCell[] {
  if (!against) return [null, null, null, null, null, null, null, null]
  const { difference, low, high, users, p, correctedP, verdict } = against
  return [baseline, difference, low, high, users, p, correctedP, verdict]
}

export function compareMarkdown(table: CompareExport): string {
  const { head, rows } = printed(table)
  return `${markdownText(head, rows)}\n${table.notes.join('\n\n')}\n`
}

export function compareLatex(table: CompareExport): string {
  const { head, rows } = printed(table)
  return latexText(head, rows, table.notes.join(' '))
}

/** Mean and interval; a star: told apart from the baseline. */
function printed({ lines, metrics }: CompareExport): { head: string[]; rows: string[][] } {
  const text = (cell: CompareCell | undefined) => {
    if (!cell) return '–'
    const star = cell.against && cell.against.verdict !== 'not distinguishable' ? '*' : ''
    const interval = cell.low === null ? '' : ` (${formatScore(cell.low)}–${formatScore(cell.high)})`
    return `${formatScore(cell.mean)}${star}${interval}`
  }
  return {
    head: ['Model', ...metrics.map((metric) => metric.title)],
    rows: lines.map((line) => [line.label, ...metrics.map(({ id }) => text(line.cells.get(id)))]),
  }
}

/** The table as files, for the export menu. */
export function compareExports(table: CompareExport, formulaGuard: boolean) {
  const stem = fileName(`compare-${table.datasetName}`)
  return [
    oneFile('CSV, every figure and test', 'i-lucide-table-2', `${stem}.csv`, () => compareCsv(table, formulaGuard)),
    oneFile('Markdown', 'i-lucide-hash', `${stem}.md`, () => compareMarkdown(table)),
    oneFile('LaTeX', 'i-lucide-sigma', `${stem}.tex`, () => compareLatex(table)),
  ]
}

/** A text that is made when it is asked for, as an entry of an export menu. */
export function oneFile(label: string, icon: string, name: string, text: () => string) {
  return { label, icon, name, chunks: () => Promise.resolve(inOnePiece(text())) }
}

/** A text as the pieces of a download. */
export async function* inOnePiece(text: string): AsyncGenerator<string, void, void> {
  yield await Promise.resolve(text)
}
