import { describe, expect, it } from 'vitest'
import type { InteractionTable } from '../../src-main/engine/data/interaction-table.ts'
import { importedTable } from '../support/imported-table.ts'
import { run, specOf, valueOf } from '../support/job-lab.ts'
import { realData } from '../support/real-data.ts'

/**
 * What independent code measured on random 80/20 splits, re-ranking the test items, k 20: precision (hits / min(20, n)) and NDCG
 * linear in the rating. The means of three splits for 100k, one split for 1M; matrix factorisation of size 16, lambda 8.
 */
type Reference = Readonly<Record<'full-length' | 'all', Readonly<Record<string, readonly [precision: number, ndcg: number]>>>>

const reference100k: Reference = {
  'full-length': {
    random: [0.552, 0.807],
    popularity: [0.625, 0.86],
    'item-mean': [0.677, 0.896],
    'biased-mf': [0.688, 0.903],
    oracle: [0.838, 1],
  },
  all: {
    random: [0.575, 0.88],
    popularity: [0.603, 0.909],
    'item-mean': [0.623, 0.933],
    'biased-mf': [0.627, 0.936],
    oracle: [0.684, 1],
  },
}

const reference1m: Reference = {
  'full-length': { popularity: [0.683, 0.863], 'item-mean': [0.741, 0.898], 'biased-mf': [0.766, 0.915] },
  all: {
    random: [0.625, 0.866],
    popularity: [0.666, 0.907],
    'item-mean': [0.695, 0.93],
    'biased-mf': [0.707, 0.94],
    oracle: [0.774, 1],
  },
}

function expectNear(table: InteractionTable, reference: Reference, seeds: readonly number[]): void {
  const outcomes = seeds.map((seed) =>
    run(
      specOf('biased-mf', { lambda: 8 }, { split: `random:0.8@${seed}`, seed, protocols: ['rerank-sequential'], ks: [20] }),
      table,
    ),
  )
  const mean = (wanted: Parameters<typeof valueOf>[1]) =>
    outcomes.reduce((sum, outcome) => sum + valueOf(outcome, wanted), 0) / outcomes.length
  for (const [subset, models] of Object.entries(reference)) {
    for (const [model, [precision, ndcg]] of Object.entries(models)) {
      const ours = [mean({ model, metric: 'precision', k: 20, subset }), mean({ model, metric: 'ndcg', k: 20, subset })]
      const away = Math.max(Math.abs(ours[0]! - precision), Math.abs(ours[1]! - ndcg))
      expect(away, `${subset} ${model}: ${ours.map((value) => value.toFixed(4)).join(' ')}`).toBeLessThan(0.01)
    }
  }
}

const ml100k = realData('ml-100k')
const ml1m = realData('ml-1m')

describe('floors and ceiling are within .01 of what independent code measured', () => {
  it.skipIf(!ml100k.present)(`${ml100k.label}, three splits`, { timeout: 600_000 }, async () => {
    expectNear(await importedTable(ml100k.path), reference100k, [1, 2, 3])
  })

  it.skipIf(!ml1m.present)(`${ml1m.label}, one split`, { timeout: 900_000 }, async () => {
    expectNear(await importedTable(ml1m.path), reference1m, [1])
  })
})
