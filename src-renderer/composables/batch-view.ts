import type { LiveBatch, LiveBatchPlayer, LiveBatchState } from '../../src-main/contract/dto/live-batch.ts'
import { plural } from './format.ts'

/** As sessions have it: a state in words, and how it is marked. */
export const batchStates: Readonly<Record<LiveBatchState, { label: string; icon: string; tone: string }>> = {
  running: { label: 'Playing', icon: 'i-lucide-loader', tone: 'text-primary' },
  finished: { label: 'Finished', icon: 'i-lucide-circle-check', tone: 'text-success' },
  cancelled: { label: 'Cancelled', icon: 'i-lucide-circle-slash', tone: 'text-muted' },
  failed: { label: 'Failed', icon: 'i-lucide-circle-x', tone: 'text-error' },
  interrupted: { label: 'Interrupted', icon: 'i-lucide-circle-pause', tone: 'text-warning' },
}

/** "100 virtual users, 20 steps, 5 updates an answer" */
export function setupWords({ setup }: Pick<LiveBatch, 'setup'>): string {
  const changed = Object.keys(setup.settings).length
  return [
    `${plural(setup.users, `${setup.simulator} user`)}`,
    plural(setup.steps, 'step'),
    setup.learning ? `${plural(setup.learning.updatesPerAnswer, 'update')} an answer` : 'frozen',
    ...(changed > 0 ? [`${plural(changed, 'setting')} changed`] : []),
  ].join(', ')
}

/** A figure of rewards: two digits, and a true minus. */
export function rewardText(value: number | null): string {
  return value === null ? '–' : value.toFixed(2).replace('-', '−')
}

export function signedReward(value: number | null): string {
  if (value === null) return '–'
  const text = Math.abs(value).toFixed(2)
  return text === '0.00' ? '±0' : `${value < 0 ? '−' : '+'}${text}`
}

/** Positions of the players, those that earned most first. */
export function byEarnings(players: readonly LiveBatchPlayer[]): number[] {
  return [...players.keys()].sort((a, b) => players[b]!.episode.mean - players[a]!.episode.mean || a - b)
}

/** Ends of a scale that holds every interval. */
export function reachOf(players: readonly LiveBatchPlayer[]): readonly [number, number] {
  const values = players.flatMap(({ episode: { mean, low, high } }) => [mean, low ?? mean, high ?? mean])
  return [Math.min(...values), Math.max(...values)]
}
