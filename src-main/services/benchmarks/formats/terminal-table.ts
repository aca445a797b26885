import type { BenchmarkResult } from '../../../contract/dto/benchmark.ts'
import {
  blocksOf,
  cautionLines,
  cellsOf,
  citationLines,
  families,
  headsOf,
  intervalLine,
  nameOf,
  noteOf,
  testCells,
  testHeads,
  titleOf,
} from './table-parts.ts'

/** For a terminal: columns aligned with spaces, what is known of a row that is not filled in its place. */
export function terminalText(result: BenchmarkResult): string {
  const blocks = blocksOf(result.columns).map((block) =>
    aligned(
      ['model', ...headsOf(block, result.columns)],
      result.rows.map((row) => [nameOf(row), ...cellsOf(row, block)]),
      result.rows.map(noteOf),
    ),
  )
  const tests = families(result).map(({ title, doc, tests: own }) =>
    [title, doc, aligned(testHeads, own.map(testCells), [])].join('\n'),
  )
  const notes = [intervalLine, ...cautionLines(result), ...result.remarks, ...citationLines(result)]
  return `${[titleOf(result), ...blocks, ...tests, notes.join('\n')].join('\n\n')}\n`
}

/** The first column to the left, the others to the right; a note follows its row. */
function aligned(
  heads: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  notes: readonly (string | null)[],
): string {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const pad = (cell: string | null, column: number) =>
    column === 0 ? (cell ?? '').padEnd(widths[column]!) : (cell ?? '').padStart(widths[column]!)
  const line = (cells: readonly (string | null)[], note: string | null | undefined) =>
    [...cells.map(pad), note ?? ''].join('  ').trimEnd()
  return [line(heads, null), ...rows.map((row, at) => line(row, notes[at]))].join('\n')
}
