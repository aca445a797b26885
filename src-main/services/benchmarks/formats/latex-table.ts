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

/** Tables for `booktabs`, one for each block of measures and one for each family of tests; notes as comments and as text below. */
export function latexText(result: BenchmarkResult): string {
  const title = titleOf(result)
  const blocks = blocksOf(result.columns).map((block) =>
    tableText(
      title,
      ['Model', ...headsOf(block, result.columns), 'Note'],
      result.rows.map((row) => [nameOf(row), ...cellsOf(row, block), noteOf(row)]),
    ),
  )
  const tests = families(result).map((family) =>
    tableText(`${family.title}. ${family.doc}`, testHeads, family.tests.map(testCells)),
  )
  const notes = [intervalLine, ...cautionLines(result), ...result.remarks, ...citationLines(result)].map(
    (line) => `\\par\\noindent ${escape(line)}`,
  )
  return `% \\usepackage{booktabs}\n${[...blocks, ...tests, notes.join('\n')].join('\n\n')}\n`
}

function tableText(caption: string, heads: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const line = (cells: readonly (string | null)[]) => `${cells.map((cell) => escape(cell ?? '')).join(' & ')} \\\\`
  return [
    '\\begin{table}',
    `\\caption{${escape(caption)}}`,
    `\\begin{tabular}{l${'r'.repeat(heads.length - 1)}}`,
    '\\toprule',
    line(heads),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
  ].join('\n')
}

const commands: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  // A bracket at the start of a line would be taken for the option of the line break before it.
  '[': '{[}',
  ']': '{]}',
}

function escape(text: string): string {
  return text.replace(/[\\~^[\]&%$#_{}]/g, (mark) => commands[mark] ?? `\\${mark}`).replace(/\s*\n\s*/g, ' ')
}
