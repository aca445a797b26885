import { describe, expect, it } from 'vitest'
import { metricPoint, resultRowWithInterval } from '../../../../src-main/contract/dto/run.ts'
import { decodeState, encodeState, readArray, readTree, type StateTree } from '../../../../src-main/engine/core/state-codec.ts'
import { metrics } from '../../../../src-main/engine/evaluation/metrics/catalogue.gen.ts'
import { protocols } from '../../../../src-main/engine/evaluation/protocols/catalogue.gen.ts'
import { makeSplit } from '../../../../src-main/engine/data/splits/make-split.ts'
import { models } from '../../../../src-main/engine/models/catalogue.gen.ts'
import { createTrainingJob, evaluateSavedModel } from '../../../../src-main/engine/training/create-job.ts'
import { run, runJob, smallMdrrAtt, specOf, valueOf } from '../../../support/job-lab.ts'
import { errorOf, starWorld, tableOf } from '../../../support/worlds.ts'

const world = starWorld({ users: 24, items: 40, perUser: 24 })
const spec = specOf('mdrr-att', smallMdrrAtt)
const whole = run(spec, world)

describe('a training job', () => {
  it('gives identical rows, points, recommendations and user metrics for the same seed', () => {
    const { embeddings: _, ...again } = run(spec, world)
    const { embeddings: __, ...first } = whole
    expect(again).toEqual(first)
  })

  it('gives others for another seed on the same split', () => {
    const other = run({ ...spec, seed: 2 }, world)
    expect(other.points).not.toEqual(whole.points)
    expect(other.rows.map((row) => row.split)).toEqual(whole.rows.map((row) => row.split))
    // Floors that use no randomness are the same on the same split.
    for (const model of ['popularity', 'item-mean', 'oracle']) {
      const wanted = { model, metric: 'ndcg', k: 5 }
      expect(valueOf(other, wanted)).toBe(valueOf(whole, wanted))
    }
  })

  it('passes through its stages in order and counts its updates', () => {
    const job = createTrainingJob(spec, world)
    expect(job.progress).toEqual({ stage: 'preparing', updatesDone: 0, updatesTotal: 60, stageShare: 0 })
    const stages: string[] = []
    let updates = 0
    runJob(job, () => {
      const { stage, updatesDone, stageShare } = job.progress
      if (stages.at(-1) !== stage) stages.push(stage)
      expect(updatesDone).toBeGreaterThanOrEqual(updates)
      expect(stageShare).toBeGreaterThanOrEqual(0)
      expect(stageShare).toBeLessThanOrEqual(1)
      updates = updatesDone
    })
    expect(stages).toEqual(['preparing', 'embedding', 'training', 'evaluating', 'finished'])
    expect(updates).toBe(60)
    expect(job.splitHash).toBe(makeSplit(world, { kind: 'random', share: 0.8, seed: 1 }).hash)
  })

  it('streams the floors, the validation curve from the untrained actor on, and its losses', () => {
    const names = (name: string) => whole.points.filter((point) => point.name === name)
    expect(names('validationNdcg').map((point) => point.update)).toEqual([0, 25, 50, 60])
    for (const floor of ['random', 'popularity', 'item-mean', 'biased-mf', 'oracle']) {
      expect(
        names(`floor/${floor}/validationNdcg`).map((point) => point.update),
        floor,
      ).toEqual([0])
    }
    expect(names('floor/oracle/validationNdcg')[0]!.value).toBeCloseTo(1, 6)
    expect(names('embeddingLoss').map((point) => point.update)).toEqual([1, 2, 3, 4])
    for (const name of [
      'criticLoss',
      'actorLoss',
      'meanQ',
      'tdError',
      'epsilon',
      'reward',
      'criticGradientNorm',
      'actorGradientNorm',
    ]) {
      expect(
        names(name).map((point) => point.update),
        name,
      ).toEqual([50])
    }
    for (const point of whole.points) expect(metricPoint.safeParse({ ...point, elapsedMs: 0 }).success, point.name).toBe(true)
  })

  it('gives rows for itself, every floor and the ceiling, under both protocols, for all k and metrics', () => {
    for (const row of whole.rows) expect(resultRowWithInterval.safeParse(row).success, JSON.stringify(row)).toBe(true)
    const models = ['mdrr-att', 'biased-mf', 'item-mean', 'oracle', 'popularity', 'random']
    // Nobody answers here: what an episode earns belongs to simulated users.
    const ofEpisodes = new Set<string>(['episode-return', 'reward-iqm'])
    const keys = new Set(whole.rows.map(({ model, protocol, subset, k, metric }) => [model, protocol, subset, k, metric].join()))
    expect(keys.size).toBe(whole.rows.length)
    for (const model of models)
      for (const protocol of spec.protocols)
        for (const k of spec.ks)
          for (const { id, kind, onlyNamed } of metrics)
            if (kind !== 'prediction' && !onlyNamed && !ofEpisodes.has(id))
              expect(keys).toContain([model, protocol, 'all', k, id].join())
    expect(new Set(whole.rows.map((row) => row.model))).toEqual(new Set(models))
    expect(valueOf(whole, { model: 'oracle', metric: 'ndcg', k: 5 })).toBe(1)
    for (const model of models) {
      expect(valueOf(whole, { model, metric: 'ndcg', k: 5 })).toBeLessThanOrEqual(1)
    }
  })

  it('recommends each test rating once at most, ranks from 1, with the rating that was logged', () => {
    const { protocol, userIndex, rank, itemIndex, rating } = whole.recommendations
    const { testRows } = makeSplit(world, { kind: 'random', share: 0.8, seed: 1 })
    const logged = new Map([...testRows].map((row) => [`${world.userIndex[row]}/${world.itemIndex[row]}`, world.rating[row]]))
    const seen = new Set<string>()
    const next = new Map<string, number>()
    protocol.forEach((name, at) => {
      const pair = `${userIndex[at]}/${itemIndex[at]}`
      expect(logged.get(pair)).toBe(rating[at])
      seen.add(`${name} ${pair}`)
      const list = `${name} ${userIndex[at]}`
      expect(rank[at]).toBe((next.get(list) ?? 0) + 1)
      next.set(list, rank[at]!)
    })
    expect(seen.size).toBe(protocol.length)
    expect(Math.max(...next.values())).toBe(5)
  })

  it('has user metrics whose means are its rows', () => {
    const { protocol, k, metric, value, model } = whole.userMetrics
    expect(new Set(model)).toEqual(new Set(['mdrr-att']))
    for (const wanted of ['ndcg', 'recall', 'map', 'precision']) {
      const own = [...value].filter((_, at) => protocol[at] === 'rerank-oneshot' && k[at] === 5 && metric[at] === wanted)
      const mean = own.reduce((sum, x) => sum + x, 0) / own.length
      expect(mean).toBeCloseTo(valueOf(whole, { model: 'mdrr-att', metric: wanted, k: 5, protocol: 'rerank-oneshot' }), 12)
    }
  })

  it('never learns from a test rating: turned upside down, they change no point and no weight', () => {
    const { testRows } = makeSplit(world, { kind: 'random', share: 0.8, seed: 1 })
    const rating = world.rating.slice()
    for (const row of testRows) rating[row] = 6 - rating[row]!
    const jobs = [world, { ...world, rating }].map((table) => createTrainingJob(spec, table))
    const [honest, turned] = jobs.map((job) => ({ outcome: runJob(job), model: job.modelSnapshot() }))
    expect(turned!.outcome.points).toEqual(honest!.outcome.points)
    expect(turned!.model).toEqual(honest!.model)
    expect(turned!.outcome.rows).not.toEqual(honest!.outcome.rows)
  })

  it('uses an embedding that an earlier run has trained, to the same bits, and trains it no second time', () => {
    const [artifact] = whole.embeddings
    expect(whole.embeddings).toHaveLength(1)
    expect(artifact).toMatchObject({ kind: 'pmf', size: 5 })
    const asked: string[] = []
    const again = run(spec, world, { embedding: (key) => (asked.push(key), artifact!.bytes) })
    expect(asked).toEqual([artifact!.key])
    expect(again.embeddings).toEqual([])
    expect([again.rows, again.points]).toEqual([whole.rows, whole.points])
    const otherKey = run({ ...spec, split: 'random:0.8@2' }, world).embeddings[0]!.key
    expect(otherKey).not.toBe(artifact!.key)
  })

  it('ends early when asked, evaluates what it has, and still says how good it is', () => {
    const last = { ...spec, params: { ...spec.params, selectCheckpoint: false, averaging: 0, actorLearningRate: 0.03 } }
    const job = createTrainingJob(last, world)
    const stopped = runJob(job, () => {
      if (job.progress.updatesDone >= 20) job.stopEarly()
    })
    expect(job.progress.updatesDone).toBeLessThan(60)
    expect(job.progress.updatesDone).toBeGreaterThanOrEqual(20)
    const toTheEnd = run(last, world)
    expect(stopped.rows.length).toBe(toTheEnd.rows.length)
    expect(stopped.recommendations.score).not.toEqual(toTheEnd.recommendations.score)
  })

  it('can be stopped before anything is trained: the untrained actor is evaluated', () => {
    const job = createTrainingJob(spec, world)
    job.stopEarly()
    const stopped = runJob(job)
    expect(job.progress).toMatchObject({ stage: 'finished', updatesDone: 0 })
    const untrained = run({ ...spec, params: { ...spec.params, updates: 0 } }, world)
    expect(stopped.rows).toEqual(untrained.rows)
  })

  it('starts a residual actor at its base, whatever its weights are: seeds agree before the first update', () => {
    const rows = (seed: number) => {
      const params = {
        ...spec.params,
        updates: 0,
        foldEmbeddings: false,
        popularity: false,
        embeddingEpochs: 60,
        size: 1,
        headRidge: 1e9,
      }
      return valueOf(run({ ...spec, seed, params }, world), { model: 'mdrr-att', metric: 'ndcg', k: 5 })
    }
    expect(Math.abs(rows(1) - rows(2))).toBeLessThan(0.02)
  })

  it('refuses to tell its outcome or to save its model too early', () => {
    const job = createTrainingJob(spec, world)
    expect(() => job.outcome()).toThrow(new TypeError('The outcome is there once the job is finished'))
    expect(() => job.modelSnapshot()).toThrow(new TypeError('A model is saved once its training has begun'))
  })

  it('refuses models and protocols that do not exist, by name', () => {
    const model = errorOf(() => createTrainingJob({ ...spec, modelId: 'none-such' }, world))
    expect([model.code, model.message]).toEqual([
      'MODEL_NOT_FOUND',
      `There is no model "none-such". Choose one of ${models.map(({ id }) => id).join(', ')}.`,
    ])
    const protocol = errorOf(() => run(specOf('popularity', {}, { protocols: ['full'] }), world))
    expect([protocol.code, protocol.message]).toEqual([
      'INPUT_INVALID',
      `There is no protocol "full". Choose among ${protocols.map(({ id }) => id).join(', ')}.`,
    ])
  })
})

describe('a saved model', () => {
  const jobOf = (modelId: string, params = {}) => {
    const own = specOf(modelId, params)
    const job = createTrainingJob(own, world)
    const outcome = runJob(job)
    return { spec: own, outcome, model: job.modelSnapshot() }
  }

  it.each([
    ['mdrr-att', smallMdrrAtt],
    ['biased-mf', { size: 3, epochs: 4 }],
    ['popularity', {}],
    ['random', {}],
    ['oracle', {}],
  ])('scores exactly as its own job did: %s', (modelId, params) => {
    const { spec: own, outcome, model } = jobOf(modelId, params)
    const again = evaluateSavedModel(own, world, model)
    // What was remarked on the training stays with the run; scoring again has nothing to add to it.
    const { rows, recommendations, userMetrics } = outcome
    expect(again).toEqual({ rows, recommendations, userMetrics, remarks: [] })
  })

  it('says which checkpoint acts, and what the vectors are worth', () => {
    const { outcome } = jobOf('mdrr-att', smallMdrrAtt)
    expect(outcome.remarks[0]).toMatch(/^Embedding: error \d\.\d{3} \(RMSE\) on training ratings left out of its fit\.$/)
    expect(outcome.remarks[1]).toMatch(/^Checkpoint \d+ was chosen/)
    expect(jobOf('popularity', {}).outcome.remarks).toEqual([])
  })

  it('can be scored under other protocols and list lengths', () => {
    const { spec: own, outcome, model } = jobOf('mdrr-att', smallMdrrAtt)
    const again = evaluateSavedModel({ ...own, protocols: ['rerank-oneshot'], ks: [1, 5, 100] }, world, model)
    expect(new Set(again.rows.map((row) => row.protocol))).toEqual(new Set(['rerank-oneshot']))
    expect(new Set(again.rows.map((row) => row.k))).toEqual(new Set([1, 5, 100]))
    const wanted = { model: 'mdrr-att', metric: 'ndcg', k: 5, protocol: 'rerank-oneshot' }
    expect(valueOf(again, wanted)).toBe(valueOf(outcome, wanted))
  })

  it('depends on its weights: with other weights it scores otherwise', () => {
    const { spec: own, outcome, model } = jobOf('mdrr-att', smallMdrrAtt)
    const tree = decodeState(model)
    const inner = readTree(tree, 'model')
    const actor = readArray(inner, 'actor', Float32Array).map((x) => x + 0.5)
    const changed = encodeState({ ...tree, model: { ...inner, actor } } as StateTree)
    expect(evaluateSavedModel(own, world, changed).recommendations.score).not.toEqual(outcome.recommendations.score)
  })

  it('is refused on another split: it has been trained on those test ratings', () => {
    const { spec: own, model } = jobOf('popularity')
    const error = errorOf(() => evaluateSavedModel({ ...own, split: 'random:0.8@2' }, world, model))
    expect([error.code, error.message]).toEqual([
      'CHECKPOINT_UNUSABLE',
      'The model cannot be used: it belongs to a run with another model, other parameters or another split. Start the run again.',
    ])
  })
})

describe('data at the edge', () => {
  const small = { ...smallMdrrAtt, updates: 8, criticOnlyUpdates: 2, validateEvery: 4, learningStart: 8 }

  it('with too few ratings per user for an episode is refused with the number that is needed', () => {
    const table = starWorld({ users: 20, items: 15, perUser: 5 })
    const error = errorOf(() => run(specOf('mdrr-att', small), table))
    expect([error.code, error.message]).toEqual([
      'DATA_UNSUITABLE',
      'No user has enough training ratings for an episode: at least 6 are needed, dealt into 5 folds so that one of them holds two to order. Import more data, or train on a larger share.',
    ])
  })

  it('of a single user with just enough ratings trains, without anybody held out', () => {
    const table = starWorld({ users: 1, items: 30, perUser: 12 })
    const { rows, points } = run(specOf('mdrr-att', small), table)
    expect(points.some((point) => point.name === 'validationNdcg')).toBe(false)
    expect(rows.every((row) => Number.isFinite(row.value) && row.low === null && row.users === 1)).toBe(true)
  })

  it('where some users have no test items averages over the others', () => {
    const rows = [...Array.from({ length: 24 }, (_, user) => [user, user % 5, 4] as const)]
    const base = starWorld({ users: 10, items: 40, perUser: 20 })
    const table = tableOf(
      [
        ...Array.from(base.rating, (rating, row) => [base.userIndex[row]!, base.itemIndex[row]!, rating] as const),
        ...rows.slice(10),
      ],
      { users: 24, items: 40 },
    )
    const { testRows } = makeSplit(table, { kind: 'random', share: 0.8, seed: 1 })
    const tested = new Set([...testRows].map((row) => table.userIndex[row]!)).size
    expect(tested).toBeLessThan(24)
    for (const model of ['mdrr-att', 'popularity']) {
      const outcome = run(specOf(model, model === 'mdrr-att' ? small : {}), table)
      const row = outcome.rows.find((one) => one.model === model && one.metric === 'precision' && one.subset === 'all')!
      expect(row.users).toBe(tested)
    }
  })

  it('with k beyond every candidate set gives the values of the whole list, and no full-length rows', () => {
    const { rows } = run(specOf('biased-mf', { size: 2, epochs: 3 }, { ks: [50, 1000] }), world)
    expect(rows.some((row) => row.subset === 'full-length')).toBe(false)
    for (const metric of ['precision', 'ndcg', 'recall']) {
      expect(valueOf({ rows }, { model: 'biased-mf', metric, k: 50 })).toBe(
        valueOf({ rows }, { model: 'biased-mf', metric, k: 1000 }),
      )
    }
    expect(valueOf({ rows }, { model: 'biased-mf', metric: 'recall', k: 50 })).toBe(1)
  })

  it.each([
    ['liked', 5, true],
    ['neutral', 3, false],
    ['disliked', 1, false],
  ])('of equal ratings (%s) has NDCG 1 for everybody and no NaN anywhere', (_what, rating, relevant) => {
    const table = { ...world, rating: world.rating.map(() => rating) }
    const { rows, points, recommendations } = run(specOf('mdrr-att', small), table)
    for (const row of rows) {
      expect(Number.isFinite(row.value)).toBe(true)
      if (row.metric === 'ndcg') expect(row.value).toBeCloseTo(1, 6)
      if (row.metric === 'precision') expect(row.value).toBe(relevant ? 1 : 0)
    }
    expect(rows.some((row) => row.metric === 'recall')).toBe(relevant)
    expect([...points.map((point) => point.value), ...recommendations.score].every(Number.isFinite)).toBe(true)
  })

  it('on a scale that reaches below zero gives values from 0 to 1', () => {
    const scale = { min: -10, max: 10, positiveFrom: 4, negativeTo: -4 }
    const table = { ...world, scale, rating: world.rating.map((rating) => 5 * (rating - 3)) }
    const { rows } = run(specOf('mdrr-att', small), table)
    // Bits and rewards have other ranges.
    const shares = rows.filter(({ metric }) => !['novelty', 'reward', 'rmse'].includes(metric))
    expect(shares.every((row) => row.value >= 0 && row.value <= 1)).toBe(true)
    expect(rows.every((row) => Number.isFinite(row.value) && (row.metric !== 'reward' || Math.abs(row.value) <= 1))).toBe(true)
  })

  it('with a split that leaves a side empty is refused before anything runs', () => {
    const error = errorOf(() => createTrainingJob(spec, tableOf([[0, 0, 5]])))
    expect([error.code, error.message]).toEqual([
      'DATA_UNSUITABLE',
      'The data set has 1 rating: a split of 0.8 leaves one side empty. Import more data or choose another share.',
    ])
  })
})
