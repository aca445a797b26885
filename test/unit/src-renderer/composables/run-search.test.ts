import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { searchRuns, figuresIn, asksForSettings } from '../../../../src-renderer/composables/run-filter.ts'
import { runFacts, figureKey, figureOfKey, type LoadedFacts } from '../../../../src-renderer/composables/run-facts.ts'
import { parseSearch, type SearchWords } from '../../../../src-renderer/composables/run-search.ts'
import { suggestSearch } from '../../../../src-renderer/composables/search-suggestions.ts'
import { tagsIn } from '../../../../src-renderer/composables/tag-input.ts'
import { fakeDataset, fakeRun, worldStart } from '../../../support/fake-engine/world.ts'

const words: SearchWords = {
  metrics: ['precision', 'recall', 'ndcg'],
  params: ['gamma', 'historyLength', 'feedback'],
  protocols: ['rerank-sequential', 'rerank-oneshot'],
}
const data = [fakeDataset(1, 'ml 1m'), fakeDataset(2, 'jester')] as const
const runs = [
  fakeRun(1, data[0], 'finished', { name: 'first try', tags: ['paper'], ndcg20: 0.91 }).detail,
  fakeRun(2, data[0], 'failed', { modelId: 'mdrr-max', comment: 'lost its way', tags: ['paper', 'draft 2'] }).detail,
  fakeRun(3, data[1], 'finished', { modelId: 'svd++', ndcg20: 0.8, archived: true }).detail,
  fakeRun(4, data[1], 'running', { modelId: 'svd++', name: 'C++ (again) [x]' }).detail,
]
const recall = figureKey({ protocol: 'rerank-oneshot', subset: 'all', k: 5, metric: 'recall' })
const loaded: LoadedFacts = {
  figures: new Map([[recall, new Map([[1, 0.4], [2, 0.2]])]]), // prettier-ignore
  configurationOf: new Map([[1, 7], [2, 8], [3, 7]]), // prettier-ignore
  params: new Map([[7, { gamma: 0.9, feedback: 'both' }], [8, { gamma: 0.99, feedback: 'positive' }]]), // prettier-ignore
  executors: new Map([[1, 'kernels'], [2, 'native']]), // prettier-ignore
}
const facts = runFacts(loaded)
const now = worldStart + 4 * 3_600_000 + 500 + 600_000

function found(text: string): number[] {
  const { terms, mistakes } = parseSearch(text, words)
  expect(mistakes).toEqual([])
  return searchRuns(runs, terms, facts, now).map((run) => run.id)
}
const mistake = (text: string) => parseSearch(text, words).mistakes.map((one) => one.message)

describe('a search of runs', () => {
  it.each([
    ['', [1, 2, 4]],
    ['FIRST paper', [1]],
    ['"lost its"', [2]],
    ['model:mdrr*', [1, 2]],
    ['model:mdrr', []],
    ['model:mdrr-max,svd++', [2, 4]],
    ['-model:svd++', [1, 2]],
    ['state:finished', [1]],
    ['dataset:"ml 1m"', [1, 2]],
    ['dataset:jest', [4]],
    ['tag:paper', [1, 2]],
    ['tag:"draft 2"', [2]],
    ['tag:draft', []],
    ['tag:draft*', [2]],
    ['note:"its way"', [2]],
    ['name:(again)', [4]],
    ['seed:1..3', [1, 2]],
    ['seed:2,4', [2, 4]],
    ['seed:3..', [4]],
    ['id:..1', [1]],
    ['seed!=1', [2, 4]],
    ['ndcg@20>0.9', [1]],
    ['ndcg>.9', [1]],
    ['-ndcg@20>0.9', [2, 4]],
    ['recall@5.rerank-oneshot.all>=0.2', [1, 2]],
    ['recall@5.all.rerank-oneshot:0.3..1', [1]],
    ['gamma=0.9', [1]],
    ['param.gamma>0.95', [2]],
    ['feedback:pos*', [2]],
    ['feedback!=both', [2, 4]],
    ['executor:native', [2]],
    ['duration>5m', [4]],
    ['duration<2m', [1, 2]],
    ['archived', [3]],
    ['-archived svd', [4]],
    ['archived model:svd++ ndcg@20:0.8', [3]],
    ['model:mdrr* tag:paper state:failed,finished dataset:"ml 1m" seed:1..3 -archived way', [2]],
  ])('%s finds %j', (text, ids) => expect(found(text)).toEqual(ids))

  it('says what it needs beside the summaries', () => {
    const terms = (text: string) => parseSearch(text, words).terms
    expect(figuresIn(terms('recall@5.all>0 seed:1'))).toEqual(['rerank-sequential|all|recall@5'])
    expect(figureOfKey(recall)).toEqual({ protocol: 'rerank-oneshot', subset: 'all', k: 5, metric: 'recall' })
    expect([asksForSettings(terms('gamma>0')), asksForSettings(terms('executor:x')), asksForSettings(terms('tag:x'))]).toEqual([
      true,
      true,
      false,
    ])
  })
})

describe('what is wrong with a search', () => {
  it.each([
    ['tag:', '“tag:” wants a value after it.'],
    ['model>3', '“model” holds text: write model:3'],
    [
      'state:done',
      'There is no state “done”. Choose from: queued, running, paused, stopped, interrupted, diverged, failed, finished.',
    ],
    ['seed:abc', '“abc” is no number: write seed:3, seed:1..3 or seed>3'],
    ['ndcg@20>high', '“high” is no number: write for instance ndcg@20>0.9'],
    ['ndcg@20>5m', '“5m” is no number: write for instance ndcg@20>0.9'],
    ['tga:paper', 'There is no field “tga”. Is “tag” meant? Put it into quotation marks to search for it as text.'],
    ['http://x', 'There is no field “http”. Put it into quotation marks to search for it as text.'],
    ['say "what', 'The quotation mark is not closed.'],
  ])('%s: %s', (text, message) => expect(mistake(text)).toEqual([message]))

  it('is told with its place, and the rest is searched all the same', () => {
    const { terms, mistakes } = parseSearch('paper seed:x model:svd++', words)
    expect(mistakes).toMatchObject([{ from: 6, to: 12 }])
    expect(searchRuns(runs, terms, facts, now)).toEqual([])
    expect(terms).toHaveLength(2)
  })

  it('never throws, whatever is typed, and finds a run by its own name in quotation marks', () => {
    const pieces = fc.constantFrom(
      '"',
      ':',
      '*',
      '..',
      '>',
      '<=',
      '-',
      '@',
      '.',
      ' ',
      ',',
      'ndcg',
      'seed',
      'tag',
      '\\',
      '[',
      '(',
      '1e9',
      '\n',
    )
    const typed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(pieces, fc.string())).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(typed, fc.nat(), (text, caret) => {
        const { terms } = parseSearch(text, words)
        searchRuns(runs, terms, facts, now)
        suggestSearch(text, caret % (text.length + 1), words, { tag: ['paper'] })
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((name) => !name.includes('"') && name.trim() === name),
        (name) => {
          const run = fakeRun(9, data[0], 'finished', { name }).detail
          const { terms, mistakes } = parseSearch(`"${name}"`, words)
          expect(mistakes).toEqual([])
          expect(searchRuns([run], terms, facts, now)).toHaveLength(1)
        },
      ),
    )
  })

  it('takes a name of ten thousand characters in its stride', () => {
    const name = '<b>x</b>'.repeat(1250)
    expect(searchRuns([{ ...runs[0]!, name }], parseSearch(`name:${'*b'.repeat(20)}*zz`, words).terms, facts, now)).toEqual([])
  })
})

describe('suggestions', () => {
  const texts = (text: string, caret = text.length) =>
    suggestSearch(text, caret, words, { tag: ['paper', 'draft 2'] }).options.map((option) => option.text)

  it('name fields, figures and parameters by what is typed', () => {
    expect(texts('ta')).toEqual(['tag:'])
    expect(texts('-st')).toEqual(['-state:'])
    expect(texts('ndc')).toEqual(['ndcg@20>'])
    expect(texts('gam')).toEqual(['gamma='])
    expect(texts('')).toEqual([])
  })
  it('then their values, in quotation marks where these are needed', () => {
    expect(texts('tag:')).toEqual(['tag:paper', 'tag:"draft 2"'])
    expect(texts('x state:fi')).toEqual(['state:finished'])
    expect(suggestSearch('tag:pa x', 6, words, { tag: ['paper'] })).toMatchObject({ from: 0, to: 6 })
  })
})

describe('typed tags', () => {
  it('are apart by commas, trimmed, each once', () =>
    expect(tagsIn(' paper, draft 2,,paper ')).toEqual({ tags: ['paper', 'draft 2'] }))
  it('that are too long are refused with their length', () =>
    expect(tagsIn(`ok,${'x'.repeat(10_000)}`)).toEqual({
      tags: [],
      mistake: `“${'x'.repeat(20)}…” has 10000 characters. A tag has at most 64.`,
    }))
})
