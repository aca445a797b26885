import type { MetricDescriptor, Verdict } from '../../src-main/contract/dto/evaluation.ts'
import type { Tone } from './run-state.ts'

export interface VerdictLook {
  readonly label: string
  readonly icon: string
  readonly tone: Tone
}

/** A verdict as it is shown: what is better depends on the metric, and some metrics judge nothing. */
export function verdictLook(verdict: Verdict, better: MetricDescriptor['better']): VerdictLook {
  if (verdict === 'not distinguishable') return { label: 'Not distinguishable', icon: 'i-lucide-equal', tone: 'neutral' }
  const icon = verdict === 'higher' ? 'i-lucide-arrow-up' : 'i-lucide-arrow-down'
  if (better === 'neither') return { label: verdict === 'higher' ? 'Higher' : 'Lower', icon, tone: 'neutral' }
  return verdict === better ? { label: 'Better', icon, tone: 'success' } : { label: 'Worse', icon, tone: 'warning' }
}

/** How far a scale with nought in its middle reaches to both sides, so that every interval is on it; `least` where all is nought. */
export function reachAroundNought(
  tests: readonly { readonly difference: number; readonly low: number | null; readonly high: number | null }[],
  least = 1e-9,
): number {
  return Math.max(least, ...tests.flatMap(({ difference, low, high }) => [low ?? difference, high ?? difference].map(Math.abs)))
}
