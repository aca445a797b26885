import type { DuelItem, DuelPolicy, DuelSetup, DuelStep, DuelSummary, DuelView } from '../../contract/dto/duel.ts'
import type { LiveItem, LiveView } from '../../contract/dto/live.ts'
import { leftPolicy, teamDraft } from '../../engine/live/duel-slates.ts'
import type { StoredDuel, StoredDuelStep } from '../../storage/repositories/duels.ts'
import type { CatalogueItem } from '../../storage/repositories/items.ts'
import type { StoredLiveSession } from '../../storage/repositories/live-sessions.ts'
import { isVeiled } from './duel-guard.ts'
import { standingOf } from './duel-score.ts'

type PolicyName = 'first' | 'second'
export interface CreditedItem {
  readonly itemIndex: number
  readonly by: PolicyName
}
/** Left and right, or the one that is interleaved. */
export type CreditedSlates = readonly (readonly CreditedItem[])[]

/**
 * What a step shows, from the rankings of both policies: they and the seed decide it alone.
 *
 * @param first, second item indexes, best first; of each only the first `setup.slate` matter
 * @returns nothing where one of them has nothing to show
 */
export function slatesOf(setup: DuelSetup, step: number, first: readonly number[], second: readonly number[]): CreditedSlates {
  if (first.length === 0 || second.length === 0) return []
  const { slate: size, seed, blind, mode } = setup
  if (mode === 'interleaved') {
    return [teamDraft(first, second, size, seed, step).map(({ item, by }) => ({ itemIndex: item, by }))]
  }
  const own = (by: PolicyName) => (by === 'first' ? first : second).slice(0, size).map((itemIndex) => ({ itemIndex, by }))
  return leftPolicy(blind, seed, step) === 'first' ? [own('first'), own('second')] : [own('second'), own('first')]
}

/** @param sessions of the first and the second policy */
export function duelSummary(duel: StoredDuel, sessions: readonly [StoredLiveSession, StoredLiveSession]): DuelSummary {
  const { id, name, setup, over, steps, createdAt, changedAt, lookedAfter } = duel
  const done = steps >= setup.planned || sessions.some(({ state }) => state === 'exhausted')
  const policy = ({ id: sessionId, runId, runName, model }: StoredLiveSession): DuelPolicy => ({
    sessionId,
    runId,
    runName,
    model,
  })
  return {
    id,
    name,
    datasetId: sessions[0].datasetId,
    setup,
    persona: sessions[0].persona,
    state: over ? 'over' : done ? 'complete' : 'open',
    createdAt,
    changedAt,
    steps,
    policies: isVeiled(duel) ? null : [policy(sessions[0]), policy(sessions[1])],
    lookedAfter,
  }
}

/** What a viewer may see. While the names are withheld it holds nothing that one policy has and the other has not. */
export function duelView(
  duel: StoredDuel,
  summary: DuelSummary,
  views: readonly [LiveView, LiveView],
  steps: readonly StoredDuelStep[],
  slates: CreditedSlates,
): DuelView {
  const veiled = isVeiled(duel)
  const known = new Map<number, LiveItem>(views.flatMap(({ ranking }) => ranking.map((item) => [item.itemIndex, item] as const)))
  return {
    duel: summary,
    slates: slates.map((slate) =>
      slate.map(({ itemIndex, by }): DuelItem => {
        const { itemId, title, year, genres } = known.get(itemIndex)!
        return { itemIndex, itemId, title, year, genres, by: veiled ? null : by }
      }),
    ),
    standing: veiled ? null : standingOf(steps, false),
    remarks: veiled ? [] : [...new Set(views.flatMap(remarksOf))],
  }
}

function remarksOf({ session, remarks, limits }: LiveView): string[] {
  return [...remarks, ...limits].map((text) => `${session.runName}: ${text}`)
}

/** The steps that were taken, with the titles of things. */
export function duelSteps(duel: StoredDuel, steps: readonly StoredDuelStep[], items: readonly CatalogueItem[]): DuelStep[] {
  const veiled = isVeiled(duel)
  return steps.map(({ step, at, preference, winner, leftPolicy: left, shown }) => ({
    step,
    at,
    preference,
    winner: veiled ? null : winner,
    shown: shown.map(({ itemIndex, by, feedback, rating }) => {
      const { itemId, title, year, genres } = items[itemIndex]!
      const side = duel.setup.mode === 'interleaved' ? null : by === left ? 'left' : 'right'
      return {
        itemIndex,
        itemId,
        title: title ?? itemId,
        year,
        genres: [...genres],
        by: veiled ? null : by,
        side,
        feedback,
        rating,
      }
    }),
  }))
}
