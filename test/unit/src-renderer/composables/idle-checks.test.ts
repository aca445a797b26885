import { describe, expect, it } from 'vitest'
import { withoutIdleChecks, type CurveSource } from '../../../../src-renderer/composables/curve-view.ts'

const specs = ['validationNdcg', 'validationReward', 'criticLoss'].map((name) => ({
  name,
  label: name,
  scale: 'linear' as const,
}))
const curve = { update: [0], value: [0.5], elapsedMs: [0] }
const run = (...names: string[]): CurveSource => ({
  name: 'run',
  color: '#000',
  dash: 'solid',
  curves: new Map(names.map((name) => [name, curve])),
})
const shown = (...runs: CurveSource[]) => withoutIdleChecks(specs, runs).map(({ name }) => name)

describe('the curves of the checks on held-out users', () => {
  it('are shown where runs make them, and the other one is not', () => {
    expect(shown(run('validationNdcg'))).toEqual(['validationNdcg', 'criticLoss'])
    expect(shown(run('validationReward'))).toEqual(['validationReward', 'criticLoss'])
    expect(shown(run('validationNdcg'), run('validationReward'))).toEqual(['validationNdcg', 'validationReward', 'criticLoss'])
  })

  it('are those of logged ratings before anything was measured', () => {
    expect(shown(run())).toEqual(['validationNdcg', 'criticLoss'])
  })
})
