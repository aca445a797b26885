import { describe, expect, it } from 'vitest'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Executor } from '../../../../src-main/engine/compute/types.ts'
import { backendNames, openBackend } from '../../../../src-main/services/compute/backends.ts'
import { loadNativeAddon } from '../../../../src-main/services/compute/native-addon.ts'
import { selfTest } from '../../../../src-main/services/compute/self-test.ts'

/** Computes right, and then changes what `spoil` changes. */
function wrong(spoil: (values: Float32Array) => void, what: 'prediction' | 'hidden.w'): Executor {
  return {
    ...plainExecutor,
    compile(graph) {
      const program = plainExecutor.compile(graph)
      return {
        graph,
        memoryBytes: program.memoryBytes,
        outputs: program.outputs,
        run(bindings) {
          const outputs = program.run(bindings)
          spoil(what === 'prediction' ? outputs.view(what) : bindings.gradients![0]!.view(what))
          return outputs
        },
      }
    },
  }
}

describe('the self-test of an executor', () => {
  it.each(['plain', 'kernels', 'tfjs-cpu'])('finds nothing wrong with "%s"', async (name) => {
    const { executor, close } = await openBackend(name, { threads: 2 })
    try {
      expect(executor.id).toBe(name)
      expect(selfTest(executor)).toEqual([])
    } finally {
      await close()
    }
  })

  it('finds nothing wrong with "native", on one thread or two, also after its memory has grown', async (context) => {
    const addon = loadNativeAddon()
    if ('reason' in addon) return context.skip(`there are no native kernels: ${addon.reason}`)
    for (const threads of [1, 2]) {
      const { executor, close } = await openBackend('native', { threads })
      try {
        expect(executor.id).toBe('native')
        expect(selfTest(executor)).toEqual([])
        executor.memory.floats(8 * 2 ** 20).fill(1)
        expect(selfTest(executor)).toEqual([])
      } finally {
        await close()
      }
    }
  })

  it('finds a prediction that is off by a ten thousandth', () => {
    const problems = selfTest(wrong((values) => (values[4]! *= 1.0005), 'prediction'))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^the prediction is wrong \(checksums -?[\d.]+ and [\d.]+, not 7\.30383 and 29\.8932\)$/)
  })

  it('finds two elements of a gradient that have changed places', () => {
    const swapped = wrong((values) => ([values[0], values[1]] = [values[1]!, values[0]!]), 'hidden.w')
    expect(selfTest(swapped)).toEqual([expect.stringMatching(/^the gradient of hidden\.w is wrong/)])
  })

  it('finds a NaN', () => {
    expect(selfTest(wrong((values) => (values[0] = NaN), 'hidden.w'))).toEqual([
      expect.stringMatching(/^the gradient of hidden\.w is wrong \(checksums NaN and NaN/),
    ])
  })
})

describe('opening a backend', () => {
  it('that this Palate does not have is refused with the names that it has', async () => {
    await expect(openBackend('abacus', { threads: 1 })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: `The compute backend "abacus" cannot be used: this Palate has none of that name. Choose one of ${backendNames.join(', ')}.`,
      details: { backend: 'abacus', reason: 'this Palate has none of that name' },
    })
  })
})
