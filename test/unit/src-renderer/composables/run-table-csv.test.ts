import { expect, test } from 'vitest'
import { columnOf } from '../../../../src-renderer/composables/run-columns.ts'
import { runFacts } from '../../../../src-renderer/composables/run-facts.ts'
import { tableLines } from '../../../../src-renderer/composables/run-table.ts'
import { shownTableCsv, type ShownTable } from '../../../../src-renderer/composables/run-table-csv.ts'
import { fakeDataset, fakeRun } from '../../../support/fake-engine/world.ts'

const dataset = fakeDataset(1, 'Sample lab')
const titles = { metric: () => undefined, protocolTitle: (id: string) => id }
const column = (id: string) => columnOf(id, titles)!
const runs = [
  fakeRun(1, dataset, 'finished', { name: '=HYPERLINK("x")', seed: 1, ndcg20: 0.5 }).detail,
  fakeRun(2, dataset, 'finished', { name: 'two, "quoted"', seed: 2, ndcg20: 0.75, tags: ['a', 'b'] }).detail,
  fakeRun(3, dataset, 'finished', { name: 'three', seed: 1, modelId: 'svd++', ndcg20: 0.7, startedAt: null }).detail,
]
const facts = runFacts({
  figures: new Map(),
  configurationOf: new Map([
    [1, 1],
    [2, 1],
    [3, 2],
  ]),
  params: new Map([[1, { gamma: 0.1 + 0.2 }]]),
  executors: new Map(),
})

function table(ids: string[], more: Partial<ShownTable> & { open?: string[] } = {}): ShownTable {
  const { open = [], ...rest } = more
  const grouped = rest.grouped ?? false
  const options = { column: column('ndcg20'), direction: 'desc', facts, grouped, open: new Set(open) } as const
  return {
    lines: tableLines(runs, options),
    columns: ids.map(column),
    facts,
    now: 0,
    grouped,
    modelTitle: (id) => id.toUpperCase(),
    notComparable: () => false,
    ...rest,
  }
}

test('the chosen columns in their order, lines as sorted, figures in full, and no text that a spreadsheet would run', () => {
  expect(shownTableCsv(table(['ndcg20', 'name', 'model', 'duration', 'tags', 'param:gamma']), true)).toBe(
    [
      'ndcg@20,Name,Model,Duration (seconds),Tags,Gamma',
      '0.75,"two, ""quoted""",MDRR-ATT,92.5,"a, b",0.30000000000000004',
      '0.7,three,SVD++,,,',
      '0.5,"\'=HYPERLINK(""x"")",MDRR-ATT,92.5,,0.30000000000000004',
      '',
    ].join('\r\n'),
  )
  expect(shownTableCsv(table(['name']), false)).toContain('"=HYPERLINK(""x"")"')
})

test('groups tell mean, interval and n, and the runs of an open one follow', () => {
  const [head, ...rows] = shownTableCsv(table(['model', 'seed', 'ndcg20'], { grouped: true }), true).split('\r\n')
  expect(head).toBe('line,runs,Model,Seed,ndcg@20,ndcg@20 low,ndcg@20 high,ndcg@20 n')
  expect(rows[0]).toBe('run,1,SVD++,1,0.7,,,1')
  // Mean 0.625; standard deviation of 0.5 and 0.75 0.1767767, over √2 0.125, t(1) = 12.706.
  const cells = rows[1]!.split(',')
  expect(cells.slice(0, 3)).toEqual(['group', '2', 'MDRR-ATT'])
  expect(cells.at(-4)).toBe('0.625')
  expect(Number(cells.at(-2))).toBeCloseTo(0.625 + 12.706 * 0.125, 10)
  expect(cells.at(-1)).toBe('2')
  const shown = table(['seed'], { grouped: true })
  const group = shown.lines.find((line) => line.kind === 'group')!
  if (group.kind !== 'group') throw new Error('There is no group.')
  const open = shownTableCsv(table(['seed'], { grouped: true, open: [group.group.key] }), true).split('\r\n')
  expect(open.slice(1)).toEqual(['run,1,1', 'group,2,"1, 2"', 'run of the group,1,2', 'run of the group,1,1', ''])
})

test('differences from a pinned baseline stand beside their figure, and the baseline has none from itself', () => {
  const baseline = { label: 'three', runIds: new Set([3]), value: () => 0.7 }
  const [head, ...rows] = shownTableCsv(table(['ndcg20'], { baseline }), true).split('\r\n')
  expect(head).toBe('ndcg@20,ndcg@20 minus three')
  expect(rows.map((row) => row.split(',').map(Number))).toEqual([[0.75, 0.75 - 0.7], [0.7, 0], [0.5, 0.5 - 0.7], [0]])
  expect(rows[1]).toBe('0.7,')
})

test('what must not be compared says so, and two columns of one name say what they are', () => {
  const notComparable = ({ figure }: { figure?: string }) => figure !== undefined
  const ids = ['figure:drr-rated-only|all|ndcg@5', 'updates', 'param:updates']
  expect(shownTableCsv(table(ids, { notComparable }), true).split('\r\n')[0]).toBe(
    'ndcg@5 · drr-rated-only · all users (not comparable),Updates (updates),Updates (param:updates)',
  )
})
