import { csvRecord, type CsvCell } from '../../src-main/contract/csv.ts'

/** CSV by RFC 4180, its head guarded as well: it may hold names. @param formulaGuard gives texts that a spreadsheet would run a leading apostrophe */
export function csvText(head: readonly string[], rows: readonly (readonly CsvCell[])[], formulaGuard: boolean): string {
  return [head, ...rows].map((row) => csvRecord(row, { formulaGuard })).join('')
}

/** A table in GitHub's Markdown; all columns but the first stand to the right. */
export function markdownText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  return line(head) + line(head.map((_, at) => (at === 0 ? '---' : '---:'))) + rows.map(line).join('')
}

const latexSigns: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '−': '$-$',
  '±': '$\\pm$',
  '–': '--',
}

/** A tabular for the package booktabs; all columns but the first stand to the right. */
export function latexText(head: readonly string[], rows: readonly (readonly string[])[], caption: string): string {
  // Every sign once, in one pass: what stands for a sign has signs of its own.
  const safe = (text: string) => text.replaceAll(/[\\~^−±–&%$#_{}]/g, (sign) => latexSigns[sign] ?? `\\${sign}`)
  const line = (cells: readonly string[]) => `  ${cells.map(safe).join(' & ')} \\\\`
  return [
    '\\begin{table}',
    `\\caption{${safe(caption)}}`,
    `\\begin{tabular}{l${'r'.repeat(head.length - 1)}}`,
    '  \\toprule',
    line(head),
    '  \\midrule',
    ...rows.map(line),
    '  \\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n')
}
