import { describe, expect, it } from 'vitest'
import { commonTrials, contendersOf, runOf } from '../../../../src-main/services/evaluation/contenders.ts'
import type { StoredRun } from '../../../../src-main/storage/repositories/runs.ts'

const run = (id: number, change: Partial<StoredRun> = {}) =>
  ({
    id,
    modelId: 'mdrr-att',
    modelVersion: 1,
    preset: 'palate',
    params: { gamma: 0.9, size: 3 },
    split: 'random:0.8@1',
    seed: 1,
    ...change,
  }) as StoredRun

describe('contenders', () => {
  it('are runs of one model, preset and parameters, whatever order the parameters stand in', () => {
    const contenders = contendersOf([
      run(1),
      run(2, { modelId: 'pmf', preset: 'default' }),
      run(3, { seed: 2, split: 'random:0.8@2', params: { size: 3, gamma: 0.9 } }),
    ])
    expect(contenders.map(({ label, runs }) => [label, runs.map(({ id }) => id)])).toEqual([
      ['mdrr-att (palate)', [1, 3]],
      ['pmf (default)', [2]],
    ])
  })

  it('are told apart by their runs where model and preset are the same', () => {
    const contenders = contendersOf([run(1), run(2, { params: { gamma: 0.5, size: 3 } }), run(3, { modelVersion: 2 })])
    expect(contenders.map(({ label }) => label)).toEqual(['mdrr-att (palate) #1', 'mdrr-att (palate) #2', 'mdrr-att (palate) #3'])
  })

  it('take the later of two runs that differ in nothing', () => {
    expect(contendersOf([run(1), run(4)])[0]!.runs.map(({ id }) => id)).toEqual([4])
  })

  it('meet where split and seed are the same in all', () => {
    const contenders = contendersOf([
      run(1),
      run(2, { seed: 2 }),
      run(3, { split: 'random:0.8@2' }),
      run(4, { modelId: 'pmf' }),
      run(5, { modelId: 'pmf', seed: 2 }),
    ])
    const trials = commonTrials(contenders)
    expect(trials).toEqual([
      { split: 'random:0.8@1', seed: 1 },
      { split: 'random:0.8@1', seed: 2 },
    ])
    expect(trials.map((trial) => runOf(contenders[1]!, trial).id)).toEqual([4, 5])
  })
})
