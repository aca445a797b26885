import { describe, expect, it } from 'vitest'
import type { LiveSetup } from '../../../../src-main/contract/dto/live.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { decodeState, readArray, readNumber, readTree } from '../../../../src-main/engine/core/state-codec.ts'
import { createTrainingJob } from '../../../../src-main/engine/training/create-job.ts'
import type { JobSpec } from '../../../../src-main/engine/training/job.types.ts'
import { createLiveSession } from '../../../../src-main/engine/training/live/create-live-session.ts'
import { runJob, smallAgent, specOf } from '../../../support/job-lab.ts'
import { starWorld } from '../../../support/worlds.ts'

const world = starWorld({ users: 40, items: 60, perUser: 25 })
const guest: LiveSetup = {
  viewer: { kind: 'guest', favourites: [1, 4] },
  userVector: 'fixed',
  learning: { updatesPerAnswer: 3, rateFactor: 10 },
  slate: 1,
  seed: 3,
}
const ofActor = ['hidden', 'stateHidden', 'learningRate']
const ofNetwork = ['attentionHidden', 'actorHidden', 'criticHidden', 'criticOnlyUpdates', 'actorLearningRate']
const without = (names: readonly string[]) =>
  Object.fromEntries(Object.entries(smallAgent).filter(([name]) => !names.includes(name)))

const models: [string, JobSpec, string][] = [
  ['mdrr-att', specOf('mdrr-att', without(ofActor)), 'actor'],
  ['deers', specOf('deers', without(ofNetwork)), 'network'],
]

/** A session after three answers, and the run that it goes on from. */
function played(spec: JobSpec, setup: LiveSetup = guest) {
  const job = createTrainingJob(spec, world)
  while (!['evaluating', 'finished'].includes(job.progress.stage)) job.advance()
  const opened = createLiveSession(spec, world, job.modelSnapshot(), setup, plainExecutor)
  for (const feedback of ['like', 'dislike', 'skip'] as const)
    opened.session.answer({ responses: [{ itemIndex: opened.session.slate[0]!, feedback }], leave: false })
  return opened
}

describe.each(models)('training that goes on from a session of %s', (_, spec, acting) => {
  const opened = played(spec)
  const begun = opened.continueTraining(30)
  const learner = readTree(decodeState(begun.checkpoint), 'learner')
  const agent = readTree(learner, 'agent')
  const goOn = (checkpoint = begun.checkpoint) => createTrainingJob({ ...spec, params: begun.params }, world, { checkpoint })

  it('begins with the weights of the session, its transitions first in the replay', () => {
    const legacy = opened.model.legacy!()
    expect(readArray(agent, acting, Float32Array)).toEqual(readArray(readTree(legacy, 'weights'), acting, Float32Array))
    const replay = readTree(agent, 'replay')
    expect(readNumber(replay, 'count')).toBe(3)
    const columns = readTree(replay, 'columns')
    expect([...readArray(columns, 'item', Int32Array)]).toEqual(opened.session.records.map(({ items }) => items[0]!.item))
    // Rewards are told from the mean of all: what differs is as far apart as like, dislike and skip are.
    const [like, dislike, skip] = readArray(columns, 'reward', Float32Array)
    expect([like! - dislike!, like! - skip!]).toEqual([expect.closeTo(2, 5), expect.closeTo(1, 5)])
    expect(begun.params['updates']).toBe(30)
  })

  it('is trained and evaluated as any run, and says what its checkpoint 0 is', () => {
    const outcome = runJob(goOn())
    expect(outcome.rows.every(({ value }) => Number.isFinite(value))).toBe(true)
    expect(outcome.remarks.join(' ')).toMatch(/the weights of the live session before any further update/)
    const caution =
      'It goes on from a live session. What simulated users answered there comes from all ratings, those of the test side among them: after such answers the figures are too good.'
    expect(outcome.remarks).toContain(caution)
    expect(runJob(createTrainingJob(spec, world)).remarks, 'other runs have no part in it').not.toContain(caution)
  })

  it('can be interrupted and resumed to the same bits, the row of its guest included', () => {
    const [whole, half] = [goOn(), goOn()]
    while (half.progress.updatesDone < 10) half.advance()
    const rest = goOn(half.snapshot())
    for (const job of [whole, rest]) while (job.progress.stage !== 'finished') job.advance()
    expect(rest.modelSnapshot()).toEqual(whole.modelSnapshot())
  })
})

describe('the beginning of a run', () => {
  it('is there for a frozen session too: the trained weights, and what was answered', () => {
    const { model } = played(models[0]![1], { ...guest, learning: null, viewer: { kind: 'user', userIndex: 2 } })
    const legacy = model.legacy!()
    expect(legacy['guest']).toBeNull()
    expect(readNumber(readTree(legacy, 'transitions'), 'count')).toBe(3)
  })

  it('forgets what was taken back', () => {
    const opened = played(models[0]![1])
    opened.session.undo()
    expect(readNumber(readTree(opened.model.legacy!(), 'transitions'), 'count')).toBe(2)
  })

  it('is refused where nothing is learnt from transitions', () => {
    const spec = specOf('popularity')
    expect(() => played(spec).continueTraining(null)).toThrow(
      'Training cannot go on from this session: its model is not learnt from transitions',
    )
  })
})
