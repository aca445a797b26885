import type {
  DuelAnswer,
  DuelReplay,
  DuelSetup,
  DuelStanding,
  DuelStep,
  DuelSummary,
  DuelView,
  OpenDuelInput,
} from '../../contract/dto/duel.ts'
import type { LiveAnswer, LiveResponse, LiveView } from '../../contract/dto/live.ts'
import { PalateError } from '../../contract/errors.ts'
import { leftPolicy } from '../../engine/live/duel-slates.ts'
import type { ShownItem, StoredDuel } from '../../storage/repositories/duels.ts'
import type { StoredLiveSession } from '../../storage/repositories/live-sessions.ts'
import type { Workspace } from '../workspace.ts'
import { isVeiled } from './duel-guard.ts'
import { creditOf, preferredSide, standingOf, winnerOf } from './duel-score.ts'
import { duelSteps, duelSummary, duelView, slatesOf, type CreditedSlates } from './duel-view.ts'
import type { LiveSessions } from './live-sessions.ts'
import { pacing } from './pacing.ts'
import { refusePair } from './pair-of-runs.ts'
import { Turns } from './turns.ts'

export interface DuelsOptions {
  readonly workspace: Workspace
  readonly sessions: LiveSessions
}

/** A duel at one moment: what is stored, what both policies rank, and what is shown. */
interface Present {
  readonly duel: StoredDuel
  readonly views: readonly [LiveView, LiveView]
  readonly slates: CreditedSlates
}

/**
 * Two policies before one viewer: a pair of live sessions whose answers are given together. The step's row is stored last; answers
 * of the sessions without it have not happened, and are cut away when the duel is next looked at.
 */
export class Duels {
  readonly #options: DuelsOptions
  readonly #turns = new Turns()

  constructor(options: DuelsOptions) {
    this.#options = options
  }

  get #repository() {
    return this.#options.workspace.repositories.duels
  }

  async list(): Promise<DuelSummary[]> {
    const stored = await this.#options.workspace.repositories.liveSessions.list()
    const sessions = new Map(stored.map((session) => [session.id, session]))
    return (await this.#repository.list()).flatMap((duel) => {
      const [first, second] = [sessions.get(duel.firstSession), sessions.get(duel.secondSession)]
      return first && second ? [duelSummary(duel, [first, second])] : []
    })
  }

  /** @throws PalateError RUN_NOT_FOUND, RUN_STATE, CHECKPOINT_UNUSABLE, DATA_UNSUITABLE, INPUT_INVALID; nothing is stored then */
  async open({ first, second, name, ...setup }: OpenDuelInput): Promise<DuelView> {
    const { workspace, sessions } = this.#options
    const [one, other] = await Promise.all([first, second].map((runId) => workspace.repositories.runs.get(runId)))
    refusePair(first, one ?? null, second, other ?? null, setup.viewer)
    const { viewer, userVector, learning, slate, seed } = setup
    const live = { viewer, userVector, learning, slate, seed }
    const opened: number[] = []
    try {
      for (const runId of [first, second]) opened.push((await sessions.open(runId, live, undefined)).session.id)
      const pair = { firstSession: opened[0]!, secondSession: opened[1]! }
      // A name that tells who plays would unveil the duel in the list.
      const given = name || (setup.blind ? 'A blind duel' : `${one!.name} against ${other!.name}`.slice(0, 200))
      const duelId = await this.#repository.insert({ name: given, setup, ...pair, at: Date.now() })
      return await this.view(duelId)
    } catch (error) {
      if (opened.length < 2) for (const sessionId of opened) await sessions.discard(sessionId)
      throw error
    }
  }

  view(duelId: number): Promise<DuelView> {
    return this.#turns.take(duelId, async () => this.#viewOf(await this.#present(duelId)))
  }

  /** @throws PalateError INPUT_INVALID; the duel stands as it stood */
  answer(duelId: number, answer: DuelAnswer): Promise<DuelView> {
    return this.#turns.take(duelId, async () => {
      const { duel, slates } = await this.#present(duelId)
      refuse(duel, slates, answer)
      const shown = await this.#shown(duel, slates, answer.responses)
      const at = Date.now()
      const left = leftPolicy(duel.setup.blind, duel.setup.seed, answer.step)
      const said = { leftPolicy: left, preference: answer.preference, shown }
      try {
        await this.#tellBoth(duel, shown)
        await this.#repository.append(duelId, { ...said, step: answer.step, at, winner: winnerOf(duel.setup, said) })
      } catch (error) {
        // Half a step is none. Where the duel itself is gone, with a run of it, that is what must be said.
        await this.#settled(duelId)
        throw error
      }
      return this.#viewOf(await this.#present(duelId))
    })
  }

  undo(duelId: number): Promise<DuelView> {
    return this.#turns.take(duelId, async () => {
      const { duel } = await this.#present(duelId)
      if (duel.over && duel.setup.blind) throw invalid('The names are known by now: what was said blind stands.')
      if (duel.over) await this.#repository.update(duelId, { over: false }, Date.now())
      else if (duel.steps === 0) throw invalid('There is no step to take back.')
      else {
        await this.#repository.cut(duelId, duel.steps - 1, Date.now())
        const { sessions } = this.#options
        await Promise.all([sessions.undo(duel.firstSession), sessions.undo(duel.secondSession)])
      }
      return this.#viewOf(await this.#present(duelId))
    })
  }

  finish(duelId: number): Promise<DuelView> {
    return this.#turns.take(duelId, async () => {
      await this.#settled(duelId)
      await this.#repository.update(duelId, { over: true }, Date.now())
      return this.#viewOf(await this.#present(duelId))
    })
  }

  async standing(duelId: number): Promise<DuelStanding> {
    const duel = await this.#stored(duelId)
    if (isVeiled(duel) && duel.lookedAfter === null) {
      await this.#repository.update(duelId, { lookedAfter: duel.steps }, Date.now())
    }
    return standingOf(await this.#repository.steps(duelId), isVeiled(duel))
  }

  async steps(duelId: number): Promise<DuelStep[]> {
    const duel = await this.#stored(duelId)
    const { repositories } = this.#options.workspace
    const [session] = await this.#pair(duel)
    return duelSteps(duel, await this.#repository.steps(duelId), await repositories.items.catalogue(session.datasetId))
  }

  /** @throws PalateError INPUT_INVALID when nobody is named whom a guest should answer like */
  async *autopilot(
    duelId: number,
    { as, steps, perSecond }: { readonly as?: number | undefined; readonly steps: number; readonly perSecond: number },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<DuelView, void, void> {
    const { viewer } = (await this.#stored(duelId)).setup
    const user = as ?? (viewer.kind === 'user' ? viewer.userIndex : null)
    if (user === null && viewer.kind === 'guest') {
      throw invalid('A guest has no ratings to answer by: say which user of the data set the answers should come from.', 'as')
    }
    for (let taken = 0; taken < steps && !signal?.aborted; taken++) {
      const wait = pacing(perSecond, signal)
      const { duel, slates } = await this.#turns.take(duelId, () => this.#present(duelId))
      if (slates.length === 0) return
      const { responses, leave } = await this.#simulated(duel, slates, user)
      if (leave && responses.length === 0) return
      const step = duel.steps + 1
      const shown = await this.#shown(duel, slates, responses)
      const side = preferredSide(shown, leftPolicy(duel.setup.blind, duel.setup.seed, step))
      // Whoever stops it and looks must not see a step come in afterwards.
      if (signal?.aborted) return
      yield await this.answer(duelId, { step, responses, preference: duel.setup.decides === 'preference' ? side : null })
      if (leave) return
      if (taken + 1 < steps) await wait()
    }
  }

  async rename(duelId: number, name: string): Promise<DuelSummary> {
    await this.#stored(duelId)
    await this.#repository.update(duelId, { name }, Date.now())
    return this.#summary(duelId)
  }

  remove(duelId: number): Promise<boolean> {
    return this.#turns.take(duelId, async () => {
      const duel = await this.#repository.get(duelId)
      if (!duel) return false
      const { sessions } = this.#options
      await Promise.all([sessions.close(duel.firstSession), sessions.close(duel.secondSession)])
      return this.#repository.hide(duelId, Date.now())
    })
  }

  /** @throws PalateError DUEL_NOT_FOUND when it is gone for good */
  async restore(duelId: number): Promise<DuelSummary> {
    await this.#repository.restore(duelId)
    return this.#summary(duelId)
  }

  /** Both sessions are played again; then every slate is drafted again from what they ranked. */
  async replay(duelId: number): Promise<DuelReplay> {
    const { setup, firstSession, secondSession } = await this.#settled(duelId)
    const { sessions, workspace } = this.#options
    const { liveSessions } = workspace.repositories
    const steps = await this.#repository.steps(duelId)
    const [first, second] = [await liveSessions.answers(firstSession), await liveSessions.answers(secondSession)]
    const differs: number[] = []
    for (const [at, { step, shown }] of steps.entries()) {
      const again = slatesOf(setup, step, first[at]!.topBefore, second[at]!.topBefore).flat()
      const same = again.length === shown.length && again.every((one, place) => one.itemIndex === shown[place]!.itemIndex && one.by === shown[place]!.by) // prettier-ignore
      if (!same) differs.push(step)
    }
    for (const sessionId of [firstSession, secondSession]) {
      const { firstDifference } = await sessions.replay(sessionId)
      if (firstDifference !== null) differs.push(firstDifference)
    }
    return {
      steps: steps.length,
      identical: differs.length === 0,
      firstDifference: differs.length === 0 ? null : Math.min(...differs),
    }
  }

  /** What is stored, without half steps. @throws PalateError DUEL_NOT_FOUND */
  async #settled(duelId: number): Promise<StoredDuel> {
    const duel = await this.#stored(duelId)
    for (const [sessionId, answers] of [
      [duel.firstSession, duel.firstAnswers],
      [duel.secondSession, duel.secondAnswers],
    ] as const) {
      if (answers > duel.steps) await this.#options.sessions.cutTo(sessionId, duel.steps)
    }
    return duel
  }

  async #present(duelId: number): Promise<Present> {
    const duel = await this.#settled(duelId)
    const { sessions } = this.#options
    const views = await Promise.all([sessions.view(duel.firstSession), sessions.view(duel.secondSession)])
    if (duel.over || duel.steps >= duel.setup.planned) return { duel, views, slates: [] }
    const [first, second] = views.map(({ ranking }) => ranking.map(({ itemIndex }) => itemIndex))
    return { duel, views, slates: slatesOf(duel.setup, duel.steps + 1, first!, second!) }
  }

  async #viewOf({ duel, views, slates }: Present): Promise<DuelView> {
    const steps = isVeiled(duel) ? [] : await this.#repository.steps(duel.id)
    return duelView(duel, duelSummary(duel, await this.#pair(duel)), views, steps, slates)
  }

  /** @throws PalateError INPUT_INVALID when something is said of an item that is not shown, or twice of one that is */
  async #shown(duel: StoredDuel, slates: CreditedSlates, responses: readonly LiveResponse[]): Promise<ShownItem[]> {
    const [{ datasetId }] = await this.#pair(duel)
    const { scale } = await this.#options.workspace.repositories.datasets.get(datasetId)
    const said = new Map(responses.map((response) => [response.itemIndex, response]))
    const items = slates.flat()
    const stranger = responses.find(({ itemIndex }) => !items.some((item) => item.itemIndex === itemIndex))
    if (stranger) throw invalid(`Item ${stranger.itemIndex} is not shown in step ${duel.steps + 1}.`)
    if (said.size < responses.length) throw invalid('An item is answered twice at once. Say one thing of it.')
    return items.map(({ itemIndex, by }) => {
      const { feedback, rating } = said.get(itemIndex) ?? { feedback: 'skip' as const, rating: undefined }
      return { itemIndex, by, feedback, rating: rating ?? null, credit: creditOf({ feedback, rating }, scale) }
    })
  }

  /** Each policy hears what was said of its own slate, or of the one slate of both. */
  async #tellBoth(duel: StoredDuel, shown: readonly ShownItem[]): Promise<void> {
    const { sessions } = this.#options
    const heard = (policy: 'first' | 'second'): LiveResponse[] =>
      shown
        .filter(({ by }) => duel.setup.mode === 'interleaved' || by === policy)
        .map(({ itemIndex, feedback, rating }) => (rating === null ? { itemIndex, feedback } : { itemIndex, feedback, rating }))
    const told = await Promise.allSettled([
      sessions.answer(duel.firstSession, { responses: heard('first'), leave: false }),
      sessions.answer(duel.secondSession, { responses: heard('second'), leave: false }),
    ])
    for (const one of told) if (one.status === 'rejected') throw one.reason
  }

  async #simulated(duel: StoredDuel, slates: CreditedSlates, user: number | null): Promise<LiveAnswer> {
    const answers = new Map<number, LiveResponse>()
    let leave = false
    for (const policy of ['first', 'second'] as const) {
      const own = slates.flat().filter(({ by, itemIndex }) => by === policy && !answers.has(itemIndex))
      if (own.length === 0) continue
      const session = policy === 'first' ? duel.firstSession : duel.secondSession
      const items = own.map(({ itemIndex }) => itemIndex)
      const answer = await this.#options.sessions.simulate(session, user, items)
      for (const response of answer.responses) answers.set(response.itemIndex, response)
      leave ||= answer.leave
    }
    return { responses: [...answers.values()], leave }
  }

  async #stored(duelId: number): Promise<StoredDuel> {
    const duel = await this.#repository.get(duelId)
    if (duel) return duel
    throw duelNotFound(duelId)
  }

  async #pair({ id, firstSession, secondSession }: StoredDuel): Promise<[StoredLiveSession, StoredLiveSession]> {
    const { liveSessions } = this.#options.workspace.repositories
    const [first, second] = [await liveSessions.get(firstSession), await liveSessions.get(secondSession)]
    if (!first || !second) throw duelNotFound(id)
    return [first, second]
  }

  async #summary(duelId: number): Promise<DuelSummary> {
    const duel = await this.#stored(duelId)
    return duelSummary(duel, await this.#pair(duel))
  }
}

function refuse(duel: StoredDuel, slates: CreditedSlates, { step, preference }: Pick<DuelAnswer, 'step' | 'preference'>): void {
  if (duel.over) throw invalid('The duel is over. Take the end back to go on.')
  if (step <= duel.steps) throw invalid(`Step ${step} has been taken: the duel stands before step ${duel.steps + 1}.`, 'step')
  if (step > duel.steps + 1) throw invalid(`The duel stands before step ${duel.steps + 1}, not before ${step}.`, 'step')
  if (slates.length === 0) throw invalid('Nothing is left to be said: the duel is complete. End it to see the verdict.')
  const wanted: DuelSetup['decides'] = preference === null ? 'likes' : 'preference'
  if (wanted === duel.setup.decides) return
  throw invalid(
    duel.setup.decides === 'likes'
      ? 'Likes decide this duel: it has no side to prefer.'
      : 'A preference decides this duel: say left, right or tie.',
    'preference',
  )
}

export function duelNotFound(duelId: number): PalateError {
  return new PalateError(
    'DUEL_NOT_FOUND',
    `There is no duel ${duelId} in this workspace. It may have been deleted, or one of its runs with it; look at the list of duels.`,
    { duel: String(duelId) },
  )
}

function invalid(message: string, path = 'responses'): PalateError {
  return new PalateError('INPUT_INVALID', message, { issues: [{ path, message }] })
}
