import type { BenchmarkExportFormat, BenchmarkResult } from '../../../contract/dto/benchmark.ts'
import { csvText } from './csv-table.ts'
import { latexText } from './latex-table.ts'
import { markdownText } from './markdown-table.ts'
import { terminalText } from './terminal-table.ts'

/** The table as text, in parts that can be sent one by one. @param formulaGuard see `csvRecord`; CSV only */
export function* formatResult(
  result: BenchmarkResult,
  format: BenchmarkExportFormat,
  formulaGuard: boolean,
): Generator<string, void, void> {
  switch (format) {
    case 'json':
      return yield `${JSON.stringify(result, null, 2)}\n`
    case 'csv':
      return yield* csvText(result, formulaGuard)
    case 'markdown':
      return yield markdownText(result)
    case 'latex':
      return yield latexText(result)
    case 'text':
      return yield terminalText(result)
  }
}
