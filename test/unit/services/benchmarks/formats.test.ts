import { describe, expect, it } from 'vitest'
import { benchmarkResult, type BenchmarkResult } from '../../../../src-main/contract/dto/benchmark.ts'
import { formatResult } from '../../../../src-main/services/benchmarks/formats/format-result.ts'
import { decimals } from '../../../../src-main/services/benchmarks/formats/table-parts.ts'

const figure = (published: number | null, mean: number | null, low: number | null = null, high: number | null = null) => ({
  published,
  mean,
  low,
  high,
  users: mean === null ? 0 : 359,
  seeds: mean === null ? 0 : 2,
})

const result: BenchmarkResult = benchmarkResult.parse({
  benchmark: {
    id: 1,
    recipe: 'mdrr-table2',
    title: 'MDRR-att, Table 2',
    datasetId: 1,
    datasetName: '=100k, 50%_off',
    seeds: [1, 2],
    state: 'finished',
    cellsDone: 4,
    cellsFailed: 0,
    cellsTotal: 4,
    createdAt: 0,
    updatedAt: 0,
  },
  citations: [{ paper: 'A & B', table: 'Table 2', page: '7', caution: 'The split is not told.' }],
  columns: ['full-length', 'all'].map((subset) => ({
    id: `ndcg@20.rerank-sequential.${subset}`,
    title: `NDCG@20, ${subset}`,
    metric: 'ndcg',
    k: 20,
    protocol: 'rerank-sequential',
    subset,
  })),
  rows: [
    {
      id: 'biased-mf/tuned',
      title: 'Biased MF',
      model: 'biased-mf',
      preset: 'tuned',
      role: 'floor',
      unavailable: null,
      state: 'done',
      error: null,
      figures: [figure(null, 0.90671, 0.9, 0.91234), figure(null, 0.94)],
    },
    {
      id: 'mdrr-att/palate',
      title: 'MDRR-att',
      model: 'mdrr-att',
      preset: 'palate',
      role: 'policy',
      unavailable: null,
      state: 'failed',
      error: 'It diverged, "at once".',
      figures: [figure(0.9013, null), figure(0.9013, null)],
    },
    {
      id: 'dqn/paper',
      title: 'DQN | DDQN',
      model: 'dqn',
      preset: 'paper',
      role: 'policy',
      unavailable: 'The model "dqn" is not in the catalogue.',
      state: 'unavailable',
      error: null,
      figures: [figure(0.8815, null), figure(0.8815, null)],
    },
  ],
  claims: [{ claim: 'tuned-mf', title: 'Learned against tuned', doc: 'Better?' }],
  tests: [
    {
      claim: 'tuned-mf',
      a: 'mdrr-att/palate',
      b: 'biased-mf/tuned',
      aProtocol: 'rerank-sequential',
      bProtocol: 'rerank-sequential',
      metric: 'ndcg',
      k: 20,
      subset: 'full-length',
      difference: -0.00004,
      low: -0.002,
      high: 0.00191,
      users: 359,
      seeds: 2,
      p: 0.51,
      correctedP: 1,
      verdict: 'not distinguishable',
    },
  ],
  remarks: ['One remark.'],
})

const text = (format: Parameters<typeof formatResult>[1], guard = true) => [...formatResult(result, format, guard)].join('')

describe('the table of a benchmark as text', () => {
  it('CSV is tidy, by RFC 4180, and a text that a spreadsheet would run gets an apostrophe', () => {
    const heads =
      'benchmark,dataset,row,title,model,preset,role,state,metric,k,protocol,subset,published,mean,low,high,users,seeds,' +
      'minus tuned MF,minus tuned MF low,minus tuned MF high,p (Holm),verdict,note'
    const at = 'ndcg,20,rerank-sequential'
    const lost = '"It diverged, ""at once""."'
    const missing = '"The model ""dqn"" is not in the catalogue."'
    const start = `mdrr-table2,"'=100k, 50%_off"`
    expect(text('csv')).toBe(
      [
        heads,
        `${start},biased-mf/tuned,Biased MF,biased-mf,tuned,floor,done,${at},full-length,,0.90671,0.9,0.91234,359,2,,,,,,`,
        `${start},biased-mf/tuned,Biased MF,biased-mf,tuned,floor,done,${at},all,,0.94,,,359,2,,,,,,`,
        `${start},mdrr-att/palate,MDRR-att,mdrr-att,palate,policy,failed,${at},full-length,0.9013,,,,0,0,-0.00004,-0.002,0.00191,1,not distinguishable,${lost}`,
        `${start},mdrr-att/palate,MDRR-att,mdrr-att,palate,policy,failed,${at},all,0.9013,,,,0,0,,,,,,${lost}`,
        `${start},dqn/paper,DQN | DDQN,dqn,paper,policy,unavailable,${at},full-length,0.8815,,,,0,0,,,,,,${missing}`,
        `${start},dqn/paper,DQN | DDQN,dqn,paper,policy,unavailable,${at},all,0.8815,,,,0,0,,,,,,${missing}`,
        '',
      ].join('\r\n'),
    )
    expect(text('csv', false)).toContain('mdrr-table2,"=100k, 50%_off",')
  })

  it('JSON is the result itself', () => {
    expect(JSON.parse(text('json'))).toEqual(result)
  })

  it('Markdown escapes what it would take for its own marks', () => {
    expect(text('markdown')).toBe(
      `## MDRR-att, Table 2, on =100k, 50%\\_off, 2 seeds

| Model | NDCG@20 published | NDCG@20, full-length | NDCG@20, all | Note |
| --- | ---: | ---: | ---: | ---: |
| Biased MF, tuned |  | .9067 \\[.9000, .9123\\] | .9400 |  |
| MDRR-att, palate | .9013 |  |  | It diverged, "at once". |
| DQN \\| DDQN, paper | .8815 |  |  | The model "dqn" is not in the catalogue. |

Ours: mean over seeds and users, with the 95 % bootstrap interval over both. Published values are shown beside ours and are no pass mark.

### Learned against tuned: ndcg@20, full-length

Better?

| a | b | a - b | 95 % interval | p | p (Holm) | users | verdict |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| mdrr-att/palate | biased-mf/tuned | .0000 | \\[-.0020, .0019\\] | .5100 | 1.0000 | 359 | not distinguishable |

- One remark.
- Published: A & B. Table 2, page 7. Not comparable as it stands: The split is not told.
`,
    )
  })

  it('LaTeX compiles: every mark of its own is escaped', () => {
    expect(text('latex')).toBe(
      String.raw`% \usepackage{booktabs}
\begin{table}
\caption{MDRR-att, Table 2, on =100k, 50\%\_off, 2 seeds}
\begin{tabular}{lrrrr}
\toprule
Model & NDCG@20 published & NDCG@20, full-length & NDCG@20, all & Note \\
\midrule
Biased MF, tuned &  & .9067 {[}.9000, .9123{]} & .9400 &  \\
MDRR-att, palate & .9013 &  &  & It diverged, "at once". \\
DQN | DDQN, paper & .8815 &  &  & The model "dqn" is not in the catalogue. \\
\bottomrule
\end{tabular}
\end{table}

\begin{table}
\caption{Learned against tuned: ndcg@20, full-length. Better?}
\begin{tabular}{lrrrrrrr}
\toprule
a & b & a - b & 95 \% interval & p & p (Holm) & users & verdict \\
\midrule
mdrr-att/palate & biased-mf/tuned & .0000 & {[}-.0020, .0019{]} & .5100 & 1.0000 & 359 & not distinguishable \\
\bottomrule
\end{tabular}
\end{table}

\par\noindent Ours: mean over seeds and users, with the 95 \% bootstrap interval over both. Published values are shown beside ours and are no pass mark.
\par\noindent One remark.
\par\noindent Published: A \& B. Table 2, page 7. Not comparable as it stands: The split is not told.
`,
    )
  })

  it('for a terminal the columns are aligned and a note follows its row', () => {
    expect(text('text')).toBe(`MDRR-att, Table 2, on =100k, 50%_off, 2 seeds

model              NDCG@20 published  NDCG@20, full-length  NDCG@20, all
Biased MF, tuned                      .9067 [.9000, .9123]         .9400
MDRR-att, palate               .9013                                      It diverged, "at once".
DQN | DDQN, paper              .8815                                      The model "dqn" is not in the catalogue.

Learned against tuned: ndcg@20, full-length
Better?
a                              b  a - b    95 % interval      p  p (Holm)  users              verdict
mdrr-att/palate  biased-mf/tuned  .0000  [-.0020, .0019]  .5100    1.0000    359  not distinguishable

Ours: mean over seeds and users, with the 95 % bootstrap interval over both. Published values are shown beside ours and are no pass mark.
One remark.
Published: A & B. Table 2, page 7. Not comparable as it stands: The split is not told.
`)
  })

  it('numbers have four decimals and no zero before the point, and what rounds to nothing has no sign', () => {
    expect([0.69514, -0.012, 1, -0.00004, 0, 12.5, null].map((value) => decimals(value))).toEqual([
      '.6951',
      '-.0120',
      '1.0000',
      '.0000',
      '.0000',
      '12.5000',
      null,
    ])
  })
})
