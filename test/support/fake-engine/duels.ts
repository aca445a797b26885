import type { DuelAnswer, DuelView } from '../../../src-main/contract/dto/duel.ts'
import type { LiveSession, LiveView } from '../../../src-main/contract/dto/live.ts'
import { PalateError } from '../../../src-main/contract/errors.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import { standingOf, winnerOf } from '../../../src-main/services/live/duel-score.ts'
import { duelSteps, duelSummary, duelView, slatesOf, type CreditedSlates } from '../../../src-main/services/live/duel-view.ts'
import { leftPolicy } from '../../../src-main/engine/live/duel-slates.ts'
import type { StoredDuel, StoredDuelStep } from '../../../src-main/storage/repositories/duels.ts'
import type { StoredLiveSession } from '../../../src-main/storage/repositories/live-sessions.ts'
import { fakeItem, itemCount } from './dataset-page.ts'
import { fakeLiveItem } from './live.ts'
import { fakePersona } from './personas.ts'
import type { World } from './world.ts'

interface FakeDuel {
  duel: StoredDuel
  readonly runs: readonly [number, number]
  readonly steps: StoredDuelStep[]
  removed: boolean
}

const credits = { like: 1, dislike: -1, skip: 0, rating: 0 } as const

/** Duels in memory: the first policy goes from the first item on, the second from the last one back. Both hear nothing. */
export function fakeDuels(world: World): Handlers['duels'] {
  const duels = new Map<number, FakeDuel>()
  const found = (duelId: number): FakeDuel => {
    const duel = duels.get(duelId)
    if (duel && !duel.removed) return duel
    throw new PalateError('DUEL_NOT_FOUND', `There is no duel ${duelId} in this workspace.`, { duel: String(duelId) })
  }
  const slatesFor = ({ duel, steps }: FakeDuel): CreditedSlates => {
    if (duel.over || steps.length >= duel.setup.planned) return []
    const seen = new Set(steps.flatMap(({ shown }) => shown.map(({ itemIndex }) => itemIndex)))
    const left = Array.from({ length: itemCount }, (_, item) => item).filter((item) => !seen.has(item))
    return slatesOf(duel.setup, steps.length + 1, left, left.toReversed())
  }
  const sessionsOf = ({ runs, duel }: FakeDuel) =>
    runs.map((runId, at) => {
      const { name, modelId } = world.runs.get(runId)!.detail
      const persona = fakePersona(duel.setup)
      return { id: 100 + at, runId, runName: name, model: modelId, datasetId: 1, persona, state: 'open' } as StoredLiveSession
    }) as unknown as [StoredLiveSession, StoredLiveSession]
  const summaryOf = (one: FakeDuel) => duelSummary({ ...one.duel, steps: one.steps.length }, sessionsOf(one))
  const viewOf = (one: FakeDuel): Promise<DuelView> => {
    const ranking = Array.from({ length: itemCount }, (_, item) => fakeLiveItem(item))
    const views = sessionsOf(one).map(
      ({ runName }) =>
        ({ session: { runName } as LiveSession, ranking, remarks: [], limits: [] as string[] }) as unknown as LiveView,
    ) as [LiveView, LiveView]
    return Promise.resolve(duelView(one.duel, summaryOf(one), views, one.steps, slatesFor(one)))
  }
  function answer({ duelId, step, responses, preference }: DuelAnswer & { duelId: number }): Promise<DuelView> {
    const one = found(duelId)
    const said = new Map(responses.map(({ itemIndex, feedback }) => [itemIndex, feedback]))
    const shown = slatesFor(one).flatMap((slate) =>
      slate.map(({ itemIndex, by }) => {
        const feedback = said.get(itemIndex) ?? 'skip'
        return { itemIndex, by, feedback, rating: null, credit: credits[feedback] }
      }),
    )
    const left = leftPolicy(one.duel.setup.blind, one.duel.setup.seed, step)
    const whole = { leftPolicy: left, preference, shown }
    one.steps.push({ ...whole, step, at: Date.now(), winner: winnerOf(one.duel.setup, whole) })
    return viewOf(one)
  }
  return {
    list: () =>
      Promise.resolve(
        [...duels.values()]
          .filter(({ removed }) => !removed)
          .map(summaryOf)
          .reverse(),
      ),
    open({ first, second, name, ...setup }) {
      const id = duels.size + 1
      const [one, other] = [first, second].map((runId) => world.runs.get(runId)!.detail.name)
      const duel: StoredDuel = {
        id,
        name: name ?? (setup.blind ? 'A blind duel' : `${one} against ${other}`),
        setup,
        firstSession: 100,
        secondSession: 101,
        over: false,
        lookedAfter: null,
        createdAt: Date.now(),
        changedAt: Date.now(),
        steps: 0,
        firstAnswers: 0,
        secondAnswers: 0,
      }
      duels.set(id, { duel, runs: [first, second], steps: [], removed: false })
      return viewOf(duels.get(id)!)
    },
    view: ({ duelId }) => viewOf(found(duelId)),
    answer: (given) => answer(given),
    undo({ duelId }) {
      const one = found(duelId)
      if (one.duel.over) one.duel = { ...one.duel, over: false }
      else one.steps.pop()
      return viewOf(one)
    },
    finish({ duelId }) {
      const one = found(duelId)
      one.duel = { ...one.duel, over: true }
      return viewOf(one)
    },
    standing({ duelId }) {
      const one = found(duelId)
      const veiled = one.duel.setup.blind && !one.duel.over
      if (veiled) one.duel = { ...one.duel, lookedAfter: one.duel.lookedAfter ?? one.steps.length }
      return Promise.resolve(standingOf(one.steps, veiled))
    },
    steps: ({ duelId }) => {
      const { duel, steps } = found(duelId)
      return Promise.resolve(
        duelSteps(
          duel,
          steps,
          Array.from({ length: itemCount }, (_, item) => fakeItem(item)),
        ),
      )
    },
    autopilot: async function* ({ duelId, steps, perSecond }, { signal } = {}) {
      for (let taken = 0; taken < steps && !signal?.aborted; taken++) {
        const one = found(duelId)
        const [left] = slatesFor(one)
        if (!left) return
        const responses = left.slice(0, 1).map(({ itemIndex }) => ({ itemIndex, feedback: 'like' as const }))
        const preference = one.duel.setup.decides === 'preference' ? 'left' : null
        yield await answer({ duelId, step: one.steps.length + 1, responses, preference })
        if (perSecond > 0 && taken + 1 < steps) await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond))
      }
    },
    rename({ duelId, name }) {
      const one = found(duelId)
      one.duel = { ...one.duel, name }
      return Promise.resolve(summaryOf(one))
    },
    remove({ duelId }) {
      found(duelId).removed = true
      return Promise.resolve({ removed: true })
    },
    restore({ duelId }) {
      duels.get(duelId)!.removed = false
      return Promise.resolve(summaryOf(found(duelId)))
    },
    exportSteps: async function* ({ duelId }) {
      yield await Promise.resolve(
        `time,step\r\n${found(duelId)
          .steps.map(({ step }) => `,${step}\r\n`)
          .join('')}`,
      )
    },
    replay: ({ duelId }) => Promise.resolve({ steps: found(duelId).steps.length, identical: true, firstDifference: null }),
  }
}
