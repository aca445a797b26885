import type { BenchmarkColumn, BenchmarkResult, BenchmarkTest } from '../../../contract/dto/benchmark.ts'
import { csvRecord, type CsvCell } from '../../../contract/csv.ts'
import { noteOf } from './table-parts.ts'

const heads = [
  'benchmark',
  'dataset',
  'row',
  'title',
  'model',
  'preset',
  'role',
  'state',
  'metric',
  'k',
  'protocol',
  'subset',
  'published',
  'mean',
  'low',
  'high',
  'users',
  'seeds',
  'minus tuned MF',
  'minus tuned MF low',
  'minus tuned MF high',
  'p (Holm)',
  'verdict',
  'note',
]

/** RFC 4180, tidy: one record for each row and column of the table, with its test against the tuned factorisation where there is one. */
export function* csvText(result: BenchmarkResult, formulaGuard: boolean): Generator<string, void, void> {
  yield csvRecord(heads, { formulaGuard: false })
  const { recipe, datasetName } = result.benchmark
  for (const row of result.rows) {
    for (const [at, column] of result.columns.entries()) {
      const figure = row.figures[at]!
      const test = testOf(result.tests, row.id, column)
      const record: CsvCell[] = [
        recipe,
        datasetName,
        row.id,
        row.title,
        row.model,
        row.preset,
        row.role,
        row.state,
        column.metric,
        column.k,
        column.protocol,
        column.subset,
        figure.published,
        figure.mean,
        figure.low,
        figure.high,
        figure.users,
        figure.seeds,
        test?.difference,
        test?.low,
        test?.high,
        test?.correctedP,
        test?.verdict,
        noteOf(row),
      ]
      yield csvRecord(record, { formulaGuard })
    }
  }
}

function testOf(tests: readonly BenchmarkTest[], row: string, column: BenchmarkColumn): BenchmarkTest | undefined {
  return tests.find(
    ({ claim, a, metric, k, subset, aProtocol }) =>
      claim === 'tuned-mf' &&
      a === row &&
      metric === column.metric &&
      k === column.k &&
      subset === column.subset &&
      aProtocol === column.protocol,
  )
}
