import { describe, expect, it } from 'vitest'
import { isPalateError } from '../../src-main/contract/errors.ts'
import { modelDescriptor } from '../../src-main/contract/dto/model.ts'
import { defaultParams, parseParams, type ParamSpec, type ParamValue, type ParamValues } from '../../src-main/contract/params.ts'
import { describeModel, type AnyModel } from '../../src-main/engine/core/model.ts'
import { protocols } from '../../src-main/engine/evaluation/protocols/catalogue.gen.ts'
import { isReplayRecipe } from '../../src-main/engine/core/q-learning-recipe.ts'
import { models } from '../../src-main/engine/models/catalogue.gen.ts'
import { createTrainingJob, evaluateSavedModel } from '../../src-main/engine/training/create-job.ts'
import { run, runJob, smallAgent, specOf, valueOf } from '../support/job-lab.ts'
import {
  supervisedBudgets,
  supervisedLearnt,
  supervisedTiny,
  supervisedTried,
  withAttributes,
} from '../support/supervised-lab.ts'
import { checkerboard, starWorld } from '../support/worlds.ts'

/**
 * What every model of the catalogue promises, the next one included: a new model arrives tested. A model whose defaults
 * take long to train names a small version of itself here.
 */
const budgets: Readonly<Record<string, ParamValues>> = {
  ...forAgents(smallAgent),
  'biased-mf': { size: 3, epochs: 4, lambda: 2 },
  ...supervisedBudgets,
}

/** For extremes: three updates, everything else as small as it goes. */
const tiny: Readonly<Record<string, ParamValues>> = {
  ...forAgents({
    ...smallAgent,
    updates: 3,
    size: 2,
    embeddingEpochs: 1,
    attentionHidden: 3,
    actorHidden: 3,
    criticHidden: 3,
    hidden: 3,
    stateHidden: 3,
    batchSize: 4,
    criticOnlyUpdates: 1,
    learningStart: 4,
    replayCapacity: 64,
    validateEvery: 2,
  }),
  'biased-mf': { size: 2, epochs: 2 },
  ...supervisedTiny,
}

/** Largest whole number that is tried for what costs memory or time in proportion to it; the rest is tried as declared. */
const tried: Readonly<Record<string, number>> = {
  ...supervisedTried,
  updates: 40,
  size: 16,
  embeddingEpochs: 30,
  epochs: 60,
  attentionHidden: 64,
  actorHidden: 64,
  criticHidden: 64,
  stateHidden: 16,
  candidateSample: 64,
  historyLength: 30,
  batchSize: 64,
  replayCapacity: 100_000,
  learningStart: 1000,
}

/** The same for every model of the catalogue that learns from replay, less what a model does not have. */
function forAgents(params: ParamValues): Record<string, ParamValues> {
  const agents = models.filter((model) => isReplayRecipe(model.create(defaultParams(model.params))))
  return Object.fromEntries(
    agents.map(({ id, params: known }) => [
      id,
      Object.fromEntries(Object.entries(params).filter(([name]) => Object.hasOwn(known, name))),
    ]),
  )
}

const world = withAttributes(starWorld({ users: 10, items: 20, perUser: 14 }))
/** Users with enough test items for every protocol, and items that nobody has rated. */
const roomy = withAttributes(starWorld({ users: 10, items: 160, perUser: 100, seed: 3 }))
const protocolIds = protocols.map((protocol) => protocol.id)
const board = withAttributes(checkerboard({ users: 40, items: 30, perUser: 24 }))

const numeric = (spec: ParamSpec): spec is Extract<ParamSpec, { type: 'int' | 'float' }> =>
  spec.type === 'int' || spec.type === 'float'

/** Shared parameters that shape the networks: their ends meet another encoder in every model. */
const shaping = [
  'size',
  'historyLength',
  'attentionHidden',
  'pooling',
  'actorHidden',
  'criticHidden',
  'hidden',
  'layers',
  'stateHidden',
  'residual',
  'critic',
  'batchSize',
]

/** The first model of the catalogue whose declaration of a parameter this is: models share declarations, not only names. */
const firstWith = new Map<ParamSpec, string>()
for (const { id, params } of models) {
  for (const spec of Object.values<ParamSpec>(params)) if (!firstWith.has(spec)) firstWith.set(spec, id)
}

/**
 * Every bound of every numeric parameter and every option of the others, one at a time. What models share, and what does
 * not shape their networks, is tried with the first of them: with the others the same code would run again.
 */
function extremesOf(model: AnyModel): (readonly [name: string, value: ParamValue])[] {
  return Object.entries(model.params)
    .filter(([name, spec]) => firstWith.get(spec) === model.id || shaping.includes(name))
    .flatMap(([name, spec]) => boundsOf(name, spec).map((value) => [name, value] as const))
}

function boundsOf(name: string, spec: ParamSpec): ParamValue[] {
  if (numeric(spec)) return [spec.min, Math.min(spec.max, tried[name] ?? Infinity)]
  return spec.type === 'bool' ? [true, false] : spec.options.map((option) => option.value)
}

describe.each(models.map((model) => [model.id, model] as const))('%s', (id, model) => {
  it('describes itself validly, in sentences that end', () => {
    const described = describeModel(model)
    const parsed = modelDescriptor.parse(described)
    expect(JSON.parse(JSON.stringify(described))).toEqual(parsed)
    expect(parsed.title.length).toBeGreaterThan(2)
    const sentences = [parsed.summary, ...parsed.deviations, ...parsed.presets.map((preset) => preset.doc)]
    for (const spec of Object.values(parsed.params)) {
      sentences.push(spec.doc)
      if (spec.type === 'choice') sentences.push(...spec.options.flatMap((option) => option.doc ?? []))
    }
    for (const sentence of sentences) expect(sentence).toMatch(/^[^\s].*[.]$/s)
  })

  it('has defaults within their bounds, and presets that parse without a word', () => {
    expect(parseParams(model.params, defaultParams(model.params))).toMatchObject({ ok: true })
    for (const preset of model.presets) expect(parseParams(model.params, preset.values), preset.id).toMatchObject({ ok: true })
    expect(new Set(model.presets.map((preset) => preset.id)).size).toBe(model.presets.length)
    for (const [name, spec] of Object.entries(model.params)) {
      if (!numeric(spec)) continue
      expect(spec.min, name).toBeLessThan(spec.max)
      if (spec.type === 'float' && spec.scale === 'log') expect(spec.min, name).toBeGreaterThan(0)
      for (const bad of [NaN, Infinity, spec.max + 1, 'much'])
        expect(parseParams(model.params, { [name]: bad }).ok, name).toBe(false)
    }
  })

  it('gives the same scores for the same seed', () => {
    const spec = specOf(id, budgets[id])
    expect(run(spec, world).recommendations).toEqual(run(spec, world).recommendations)
  })

  it('gives the same scores after save and load', () => {
    const spec = specOf(id, budgets[id])
    const job = createTrainingJob(spec, world)
    const { rows, recommendations } = runJob(job)
    const again = evaluateSavedModel(spec, world, job.modelSnapshot())
    expect([again.rows, again.recommendations]).toEqual([rows, recommendations])
  })

  it('is scored under every protocol from one saved model, as if it had been trained for it', () => {
    const spec = specOf(id, budgets[id], { protocols: ['rerank-sequential'], ks: [3] })
    const job = createTrainingJob(spec, roomy)
    const trained = runJob(job)
    const saved = job.modelSnapshot()
    const all = evaluateSavedModel({ ...spec, protocols: protocolIds }, roomy, saved)
    expect(new Set(all.rows.filter((row) => row.model === id).map((row) => row.protocol))).toEqual(new Set(protocolIds))
    expect([...all.rows.map((row) => row.value), ...all.recommendations.score].every(Number.isFinite)).toBe(true)
    expect(all.rows.filter((row) => row.protocol === 'rerank-sequential')).toEqual(trained.rows)
    // One protocol alone, in another order of asking: no protocol leaves anything behind for the next.
    for (const protocol of protocolIds.toReversed()) {
      const alone = evaluateSavedModel({ ...spec, protocols: [protocol] }, roomy, saved)
      expect(alone.rows, protocol).toEqual(all.rows.filter((row) => row.protocol === protocol))
    }
  })

  it('sends only the curves that it names, and floors', () => {
    const named = model.curves.map((curve) => curve.name)
    for (const { name } of run(specOf(id, budgets[id]), world).points) {
      if (!name.startsWith('floor/')) expect(named).toContain(name)
    }
  })

  it('survives every extreme of every parameter, one at a time: finite scores or an error that says what to do', () => {
    for (const [name, value] of extremesOf(model)) {
      const params = { ...tiny[id], [name]: value }
      expect(parseParams(model.params, params), `${name} ${value}`).toMatchObject({ ok: true })
      try {
        const { rows, points, recommendations } = run(specOf(id, params, { ks: [3], protocols: ['rerank-sequential'] }), world)
        const numbers = [...rows.map((row) => row.value), ...points.map((point) => point.value), ...recommendations.score]
        expect(numbers.every(Number.isFinite), `${name} ${value}`).toBe(true)
      } catch (error) {
        // A learning rate or a noise at its very end may diverge, but must say so.
        if (!isPalateError(error)) throw new Error(`${name} ${value}`, { cause: error })
        expect([name, value, error.code]).toEqual([name, value, 'RUN_DIVERGED'])
      }
    }
  })
})

/** Without its linear base: what the networks themselves learn from histories. */
const withoutBase: ParamValues = {
  residual: false,
  lambda: 0.5,
  embeddingEpochs: 15,
  updates: 500,
  batchSize: 16,
  actorLearningRate: 0.003,
  learningRate: 0.01,
  averaging: 0,
}
const withBase: ParamValues = { size: 2, lambda: 0.5, embeddingEpochs: 15 }
/** Those that learn the users from the items in their lists alone take longer. */
const slow = new Set(['ddpg', 'dqn', 'deers'])

const learnt: (readonly [id: string, params: ParamValues, least: number])[] = [
  ['biased-mf', { size: 2, lambda: 0.5, epochs: 15 }, 0.95],
  ...supervisedLearnt,
  ['mdrr-att', { ...budgets['mdrr-att'], ...withBase }, 0.95],
  // Its state is products of two vectors: with parities swapped in user and items alike it is the same. Its base can tell.
  ['drr-u', { ...budgets['drr-u'], ...withBase }, 0.95],
  ...Object.entries(forAgents(smallAgent))
    .filter(([id]) => id !== 'drr-u')
    .map(([id, params]) => [id, { ...params, ...withoutBase, ...(slow.has(id) ? { updates: 1500 } : {}) }, 0.9] as const),
]

it('drr-gru that learns on within a list is scored under every protocol as well, and a user leaves nothing to the next', () => {
  const params = { ...budgets['drr-gru'], mode: 'online', onlineEvery: 3 }
  const spec = specOf('drr-gru', params, { protocols: protocolIds, ks: [3] })
  const job = createTrainingJob(spec, roomy)
  const { rows, recommendations } = runJob(job)
  expect(new Set(rows.filter((row) => row.model === 'drr-gru').map((row) => row.protocol))).toEqual(new Set(protocolIds))
  const again = evaluateSavedModel({ ...spec, protocols: protocolIds.toReversed() }, roomy, job.modelSnapshot())
  for (const protocol of protocolIds) {
    expect(again.rows.filter((row) => row.protocol === protocol)).toEqual(rows.filter((row) => row.protocol === protocol))
  }
  expect(recommendations.score.every(Number.isFinite)).toBe(true)
})

describe('on a checkerboard, where users like the items of their own parity', () => {
  it.each(learnt)('%s learns what popularity cannot (%#)', (id, params, least) => {
    const outcome = run(specOf(id, params), board)
    const ndcg = (model: string) => valueOf(outcome, { model, metric: 'ndcg', k: 3 })
    expect(ndcg(id)).toBeGreaterThan(least)
    expect(ndcg(id)).toBeGreaterThan(ndcg('popularity') + 0.2)
    expect(ndcg('oracle')).toBe(1)
  })

  it('every model of the catalogue but the floors is named above', () => {
    const learners = models.filter((model) => model.kind === 'policy' || model.kind === 'static').map((model) => model.id)
    expect(new Set(learnt.map(([id]) => id))).toEqual(new Set([...learners, 'biased-mf']))
  })

  it('floors keep to what they are: nobody’s taste', () => {
    for (const id of ['random', 'popularity', 'item-mean']) {
      const value = valueOf(run(specOf(id), board), { model: id, metric: 'precision', k: 3 })
      expect(value).toBeGreaterThan(0.25)
      expect(value).toBeLessThan(0.75)
    }
  })
})
