import { describe, expect, it } from 'vitest'
import type { ParamValues } from '../../../../src-main/contract/params.ts'
import {
  decodeState,
  encodeState,
  readArray,
  readNumber,
  readTree,
  type StateTree,
} from '../../../../src-main/engine/core/state-codec.ts'
import type { EnginePoint, JobOutcome, JobSpec, TrainingJob } from '../../../../src-main/engine/training/job.types.ts'
import { createTrainingJob } from '../../../../src-main/engine/training/create-job.ts'
import { run, runJob, smallMdrrAtt, specOf } from '../../../support/job-lab.ts'
import { errorOf, starWorld } from '../../../support/worlds.ts'

// Enough held-out episodes that a check takes more than one slice.
const world = starWorld({ users: 40, items: 30, perUser: 16 })
const params: ParamValues = { ...smallMdrrAtt, size: 2, embeddingEpochs: 2, heldOutShare: 0.5 }

/** Advances as a host does until `here` says so; points taken so far are returned with the snapshot. */
function cut(spec: JobSpec, here: (job: TrainingJob, points: readonly EnginePoint[]) => boolean) {
  const job = createTrainingJob(spec, world)
  const points: EnginePoint[] = []
  for (;;) {
    if (here(job, points)) return { bytes: job.snapshot(), points, progress: job.progress }
    if (job.progress.stage === 'finished') throw new Error('The cut point was never reached.')
    job.advance()
    points.push(...job.takePoints())
  }
}

/** Rows, lists and points of a run that was cut in two. */
function resumed(spec: JobSpec, { bytes, points }: { bytes: Uint8Array; points: EnginePoint[] }) {
  const outcome = run(spec, world, { checkpoint: bytes })
  return { ...outcome, points: [...points, ...outcome.points] }
}

const shown = ({ rows, recommendations, userMetrics, remarks, points }: JobOutcome & { points: EnginePoint[] }) => ({
  rows,
  recommendations,
  userMetrics,
  remarks,
  points,
})

const checksOf = (points: readonly EnginePoint[]) => points.filter((point) => point.name === 'validationNdcg').length

type Place = readonly [where: string, here: (job: TrainingJob, points: readonly EnginePoint[]) => boolean]

const places: readonly Place[] = [
  ['before learning starts, the first check done', (job, points) => checksOf(points) === 1 && job.progress.updatesDone === 0],
  ['in the middle of learning', (job, points) => job.progress.updatesDone === 25 && checksOf(points) === 2],
  ['within the last check', (job, points) => job.progress.updatesDone === 60 && checksOf(points) === 3],
]
const outerPlaces: readonly Place[] = [
  ['before anything', () => true],
  ['in the middle of the embedding', (job) => job.progress.stage === 'embedding' && job.progress.stageShare > 0.4],
  ['when training is about to start', (job) => job.progress.stage === 'training' && job.progress.updatesDone === 0],
  ['in evaluation', (job) => job.progress.stage === 'evaluating'],
]

const onItems: ParamValues = { critic: 'item', exploration: 'candidate' }
const onActions: ParamValues = { critic: 'action', exploration: 'noise' }
/** 1.2 updates a step of all: a part of one is owed nearly always. */
const sideBySide: ParamValues = { environments: 4, updatesPerStep: 0.3 }

describe.each<readonly [what: string, change: ParamValues, cuts: readonly Place[]]>([
  ['critic on the item', onItems, [...outerPlaces, ...places]],
  ['critic on the action', onActions, places],
  ['four environments, critic on the item', { ...onItems, ...sideBySide }, places],
  ['four environments, critic on the action', { ...onActions, ...sideBySide }, places],
])('an interrupted run (%s)', (_what, change, cuts) => {
  const spec = specOf('mdrr-att', { ...params, ...change })
  const whole = run(spec, world)

  it.each(cuts)('goes on to the same bits when it was cut %s', (_where, here) => {
    expect(shown(resumed(spec, cut(spec, here)))).toEqual(shown(whole))
  })

  it('goes on to the same bits when it was cut in the middle of a check on held-out users', () => {
    // Slices between the update that makes a check due and the check's point: the second of them is in its middle.
    let slicesInCheck = 0
    const middle = cut(spec, (job, points) => {
      if (job.progress.updatesDone === 25 && checksOf(points) === 1) slicesInCheck++
      return slicesInCheck === 3
    })
    expect(middle.progress.updatesDone).toBe(25)
    expect(shown(resumed(spec, middle))).toEqual(shown(whole))
  })

  it('goes on to the same bits when it is cut at every slice', () => {
    const { bytes } = cut(spec, (job) => job.progress.updatesDone > 0)
    let state = bytes
    let at = 0
    for (let i = 0; at < 60 && i < 30; i++) {
      const job = createTrainingJob(spec, world, { checkpoint: state })
      while (job.progress.stage !== 'training') job.advance()
      job.advance()
      job.advance()
      state = job.snapshot()
      at = job.progress.updatesDone
    }
    const end = run(spec, world, { checkpoint: state })
    expect([end.rows, end.recommendations]).toEqual([whole.rows, whole.recommendations])
  })

  it('gives other results when one weight of the checkpoint is changed: the comparison can fail', () => {
    const last = { ...spec, params: { ...spec.params, selectCheckpoint: false } }
    const { bytes } = cut(last, (job) => job.progress.updatesDone > 0)
    const tree = decodeState(bytes)
    const learner = readTree(tree, 'learner')
    const agent = readTree(learner, 'agent')
    const changed = (part: string) => {
      const weights = readArray(agent, part, Float32Array).slice()
      weights[weights.length - 1]! += 0.25
      return encodeState({ ...tree, learner: { ...learner, agent: { ...agent, [part]: weights } } } as StateTree)
    }
    const scores = (checkpoint: Uint8Array) => run(last, world, { checkpoint }).recommendations.score
    const honest = scores(bytes)
    for (const part of ['actor', 'criticTarget']) expect(scores(changed(part)), part).not.toEqual(honest)
  })
})

describe('an interrupted run with four environments', () => {
  const spec = specOf('mdrr-att', { ...params, ...onItems, ...sideBySide, selectCheckpoint: false })
  const { bytes } = cut(spec, (job) => job.progress.updatesDone > 10)
  const tree = decodeState(bytes)
  const learner = readTree(tree, 'learner')
  const scores = (changed: StateTree) =>
    run(spec, world, { checkpoint: encodeState({ ...tree, learner: { ...learner, ...changed } }) }).recommendations.score
  const honest = scores({})

  it('gives other results when an update less is owed: the comparison can fail', () => {
    expect(readNumber(learner, 'owed')).toBeGreaterThan(0)
    expect(scores({ owed: -1_000_000 })).not.toEqual(honest)
  })

  it.each(['exploration', 'environment'])(
    'gives other results when the last %s has drawn otherwise: the comparison can fail',
    (part) => {
      const rollout = readTree(learner, 'rollout')
      const others = readTree(rollout, 'others')
      const last = readTree(others, '3')
      const swapped = { ...last, [part]: readTree(readTree(others, '1'), part) }
      expect(scores({ rollout: { ...rollout, others: { ...others, 3: swapped } } })).not.toEqual(honest)
    },
  )
})

describe('a checkpoint', () => {
  const spec = specOf('mdrr-att', params)
  const half = cut(spec, (job) => job.progress.updatesDone > 25)

  it('is the same bytes whenever it is taken twice, and taking it changes nothing', () => {
    const job = createTrainingJob(spec, world, { checkpoint: half.bytes })
    while (job.progress.stage !== 'training') job.advance()
    const taken = [job.snapshot(), job.snapshot()]
    expect(taken[0]).toEqual(taken[1])
    expect(taken[0]).toEqual(half.bytes)
  })

  it('tells how far it is before its job has advanced', () => {
    expect(createTrainingJob(spec, world, { checkpoint: half.bytes }).progress.updatesDone).toBe(half.progress.updatesDone)
  })

  it.each<[string, JobSpec]>([
    ['another model', specOf('biased-mf')],
    ['other parameters', specOf('mdrr-att', { ...params, gamma: 0.5 })],
    ['another split', { ...spec, split: 'random:0.8@2' }],
    ['another share', { ...spec, split: 'random:0.7@1' }],
    ['another seed', { ...spec, seed: 2 }],
  ])('is refused by a run with %s', (_what, other) => {
    const error = errorOf(() => createTrainingJob(other, world, { checkpoint: half.bytes }))
    expect([error.code, error.message]).toEqual([
      'CHECKPOINT_UNUSABLE',
      'The checkpoint cannot be used: it belongs to a run with another model, other parameters or another split. Start the run again.',
    ])
  })

  it('is taken by the same run with other protocols and list lengths', () => {
    const { rows } = run({ ...spec, protocols: ['rerank-oneshot'], ks: [2] }, world, { checkpoint: half.bytes })
    expect(new Set(rows.map((row) => `${row.protocol} ${row.k}`))).toEqual(new Set(['rerank-oneshot 2']))
  })

  it('is refused when its bytes are damaged', () => {
    expect(errorOf(() => createTrainingJob(spec, world, { checkpoint: half.bytes.slice(0, 5000) }))).toMatchObject({
      code: 'CHECKPOINT_UNUSABLE',
    })
    expect(errorOf(() => createTrainingJob(spec, world, { checkpoint: new Uint8Array(0) })).message).toBe(
      'The checkpoint cannot be used: it does not begin as a checkpoint does. Resume from an older checkpoint, or start the run again.',
    )
  })
})

describe('a factorisation that was interrupted', () => {
  const spec = specOf('biased-mf', { size: 3, epochs: 7 })
  const whole = run(spec, world)

  it.each([0, 3, 7])('goes on to the same bits after %i epochs', (epochs) => {
    const at = cut(spec, (job) => job.progress.updatesDone >= epochs && job.progress.stage !== 'preparing')
    expect(shown(resumed(spec, at))).toEqual(shown(whole))
  })
})

describe('a run that diverges', () => {
  const finiteTree = (tree: StateTree): boolean =>
    Object.values(tree).every((value) => {
      if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array).every(Number.isFinite)
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? finiteTree(value as StateTree) : true
    })

  it.each<[string, ParamValues]>([
    ['critic', { criticLearningRate: 1e30 }],
    ['actors', { actorLearningRate: 1e30, criticOnlyUpdates: 0 }],
    ['critic on actions', { criticLearningRate: 1e30, critic: 'action', residual: false }],
  ])('by a huge learning rate (%s) says so within one update, with no NaN in points or snapshots', (_who, change) => {
    const spec = specOf('mdrr-att', { ...params, ...change, clipNorm: 1e9 })
    const job = createTrainingJob(spec, world)
    const points: EnginePoint[] = []
    let last = 0
    const error = errorOf(() => {
      while (job.progress.stage !== 'finished') {
        job.advance()
        points.push(...job.takePoints())
        if (job.progress.stage === 'training') expect(finiteTree(readTree(decodeState(job.snapshot()), 'learner'))).toBe(true)
        last = job.progress.updatesDone
      }
    })
    points.push(...job.takePoints())
    expect(error.code).toBe('RUN_DIVERGED')
    expect(error.message).toMatch(/^(Training diverged at update \d+|The run diverged: after update \d+)/)
    expect(points.every((point) => Number.isFinite(point.value))).toBe(true)
    expect((error.details as { update: number }).update).toBeGreaterThanOrEqual(last)
    expect(job.progress.stage).not.toBe('finished')
  })

  it('does not call its last slice finished: asking on gives no outcome', () => {
    const job = createTrainingJob(specOf('mdrr-att', { ...params, criticLearningRate: 1e30 }), world)
    errorOf(() => runJob(job))
    expect(() => job.outcome()).toThrow(new TypeError('The outcome is there once the job is finished'))
  })
})
