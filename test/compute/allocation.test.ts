import { describe, expect, it } from 'vitest'
import { startScript } from '../support/processes.ts'

/** Bytes on the heap per step; a single boxed number is 16. */
const NOTHING = 12

/**
 * Code is compiled where it is asked for, not beside the program: what the compiler knows when it is done, and with it which
 * calls it inlines and which numbers it boxes, would else depend on what other processes do meanwhile.
 */
const flags = ['--no-concurrent-recompilation', '--no-concurrent-osr']

const everything = {
  critic: 'action',
  exploration: 'noise',
  environments: 8,
  clipNorm: 0.001,
  averaging: 0.9,
  residual: true,
}

describe.each(['plain', 'kernels'])('on the executor "%s"', (executor) => {
  it.each([
    ['the critic on items, one environment', {}],
    ['the critic on actions, noise, eight environments, averaged weights, gradients that are always clipped', everything],
    ['DQN with one environment', { model: 'dqn' }],
    [
      'DEERS with competitors, eight environments, averaged weights, gradients that are always clipped',
      { ...everything, model: 'deers' },
    ],
  ])('a step and an update allocate nothing: %s', async (_what, params) => {
    const measured = await startScript('measure-allocation.ts', [executor, JSON.stringify(params)], { flags }).next()
    const { update, step, control } = measured as { update: number; step: number; control: number }
    expect(update).toBeLessThan(NOTHING)
    expect(step).toBeLessThan(NOTHING)
    // The negative control: one object with one number more would be caught.
    expect(control).toBeGreaterThan(2 * NOTHING)
  })
})
