import { describe, expect, it } from 'vitest'
import type { DatasetSummary } from '../../../../src-main/contract/dto/dataset.ts'
import { startRunsInput } from '../../../../src-main/contract/dto/run.ts'
import { engineCatalogue } from '../../../../src-main/services/models.ts'
import { planRuns, type PlanFacts } from '../../../../src-main/services/runs/plan-runs.ts'
import { fixtureCatalogue } from '../../../support/fixture-job.ts'

const dataset = { id: 3, name: 'films', ratings: 100, fingerprint: 'f' } as DatasetSummary
const made: PlanFacts = { engineVersion: '1', backend: 'auto', threads: 'auto', at: 5 }
const plan = (input: Record<string, unknown>, catalogue = fixtureCatalogue) =>
  planRuns(startRunsInput.parse({ dataset: 3, model: 'counter', ...input }), dataset, catalogue, made)

describe('planning runs', () => {
  it('draws another split for each seed, unless the split names its own', () => {
    expect(plan({ seeds: [1, 2] }).map((run) => run.split)).toEqual(['random:0.8@1', 'random:0.8@2'])
    expect(plan({ seeds: [1, 2], split: 'random:.5@7' }).map((run) => run.split)).toEqual(['random:0.5@7', 'random:0.5@7'])
  })

  it('gives every seed the same split where no chance is in it', () => {
    for (const split of ['chronological:0.8', 'leave-last:2']) {
      expect(plan({ seeds: [1, 2], split }).map((run) => run.split)).toEqual([split, split])
    }
  })

  it('refuses a split by time where the data set has none', () => {
    const ranked = { ...dataset, timeKind: 'per-user-rank' } as DatasetSummary
    const input = startRunsInput.parse({ dataset: 3, model: 'counter', split: 'time:0.8' })
    expect(() => planRuns(input, ranked, fixtureCatalogue, made)).toThrow(
      "The data set does not say when its ratings were given, only a rank within each user's own ratings: a split by time (time:0.8) cannot be made. Choose chronological:0.8 or random:0.8.",
    )
  })

  it('makes one run per distinct seed, in one group, under names that tell them apart', () => {
    const runs = plan({ seeds: [4, 4, 2] })
    expect(runs.map((run) => run.seed)).toEqual([4, 2])
    expect(new Set(runs.map((run) => run.group)).size).toBe(1)
    expect(runs.map((run) => run.name)).toEqual(['counter on films (seed 4)', 'counter on films (seed 2)'])
    expect(plan({ name: ' mine ' })[0]!.name).toBe('mine')
  })

  it('completes parameters: defaults, then the preset, then what is given, then updates', () => {
    expect(plan({})[0]).toMatchObject({ preset: 'default', updatesTotal: 100, params: { updates: 100, stepMs: 1 } })
    expect(plan({ preset: 'long' })[0]).toMatchObject({ preset: 'long', params: { updates: 5000 } })
    expect(plan({ preset: 'long', params: { updates: '7', stepMs: '2' } })[0]!.params).toMatchObject({ updates: 7, stepMs: 2 })
    expect(plan({ preset: 'long', params: { updates: 7 }, updates: 9 })[0]).toMatchObject({
      updatesTotal: 9,
      params: { updates: 9 },
    })
  })

  it('sorts list lengths and drops repetitions', () => {
    expect(plan({ ks: [20, 5, 20], protocols: ['rerank-oneshot', 'rerank-oneshot'] })[0]).toMatchObject({
      ks: [5, 20],
      protocols: ['rerank-oneshot'],
    })
  })

  it('refuses updates for a model that makes none, and a split that leaves a side empty', () => {
    expect(() => plan({ model: 'popularity', updates: 5 }, engineCatalogue())).toThrow(
      'One parameter is not valid for the model "popularity". updates cannot be given: the model "popularity" makes no gradient updates. Look up the parameters of the model.',
    )
    expect(() => plan({ split: 'random:0.999' })).toThrow(
      'The data set "films" has 100 ratings: a split of 0.999 leaves one side empty. Import more data or choose another share.',
    )
  })
})

describe('the catalogue', () => {
  it('is plain data that crosses any wall, with the main model, the floors and the ceiling', () => {
    const catalogue = engineCatalogue()
    expect(structuredClone(catalogue)).toEqual(catalogue)
    expect(catalogue.models.map((model) => `${model.id} ${model.kind}`)).toEqual(
      expect.arrayContaining(['mdrr-att policy', 'popularity floor', 'biased-mf floor', 'oracle ceiling']),
    )
  })
})
