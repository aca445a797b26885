import type { Comparison } from '../../../src-main/contract/dto/evaluation.ts'
import type { FakeRun } from './world.ts'

/** Figures that look like some: each run a contender, the first ahead of the others, neighbours not told apart. */
export function fakeComparison(
  runs: readonly FakeRun[],
  figure: Pick<Comparison, 'metric' | 'k' | 'protocol' | 'subset'>,
): Comparison {
  const mean = (at: number) => 0.93 - 0.004 * at
  return {
    ...figure,
    datasetName: runs[0]!.detail.datasetName,
    trials: [{ split: runs[0]!.detail.split, seed: runs[0]!.detail.seed }],
    contenders: runs.map(({ detail }, at) => ({
      label: `${detail.modelId} (${detail.preset})`,
      model: detail.modelId,
      preset: detail.preset,
      runIds: [detail.id],
      mean: mean(at),
      interquartileMean: null,
      users: 120,
      low: mean(at) - 0.01,
      high: mean(at) + 0.01,
    })),
    pairs: runs.flatMap((_, a) =>
      runs.slice(a + 1).map((_next, after) => {
        const b = a + 1 + after
        const difference = mean(a) - mean(b)
        const p = 0.08 / (b - a) ** 3
        const verdict = p < 0.05 ? ('higher' as const) : ('not distinguishable' as const)
        return { a, b, difference, low: difference - 0.005, high: difference + 0.005, users: 120, p, correctedP: p, verdict }
      }),
    ),
    remarks: ['With one seed the intervals tell of the users only: another seed may give another order.'],
  }
}
