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

/** GitHub's tables, one for each block of measures and one for each family of tests. */
export function markdownText(result: BenchmarkResult): string {
  const blocks = blocksOf(result.columns).map((block) =>
    tableText(
      ['Model', ...headsOf(block, result.columns), 'Note'],
      result.rows.map((row) => [nameOf(row), ...cellsOf(row, block), noteOf(row)]),
    ),
  )
  const tests = families(result).map(({ title, doc, tests: own }) =>
    [`### ${escape(title)}`, escape(doc), tableText(testHeads, own.map(testCells))].join('\n\n'),
  )
  const notes = [...cautionLines(result), ...result.remarks, ...citationLines(result)].map((line) => `- ${escape(line)}`)
  return `${[`## ${escape(titleOf(result))}`, ...blocks, intervalLine, ...tests, notes.join('\n')].join('\n\n')}\n`
}

function tableText(heads: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const line = (cells: readonly (string | null)[]) => `| ${cells.map((cell) => escape(cell ?? '')).join(' | ')} |`
  return [line(heads), `|${heads.map((_, at) => (at === 0 ? ' --- ' : ' ---: ')).join('|')}|`, ...rows.map(line)].join('\n')
}

/** What Markdown would take for a mark of its own, or for the end of a cell. */
function escape(text: string): string {
  return text.replace(/[\\`*_|<>#[\]]/g, '\\$&').replace(/\s*\n\s*/g, ' ')
}
