import { describe, expect, it } from 'vitest'
import { PalateError } from '../../../../src-main/contract/errors.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { GraphError, type Executor } from '../../../../src-main/engine/compute/types.ts'
import { guardedExecutor } from '../../../../src-main/services/compute/guarded-executor.ts'
import { backendUnavailable } from '../../../../src-main/services/compute/loaded-backend.ts'

const graph = (() => {
  const g = new GraphBuilder('doubling')
  g.output('y', g.scale(g.input('x', [3]), 2))
  return g.build()
})()
const bindings = { inputs: { x: Float32Array.of(1, 2, 3) } }

/** Throws `error` from every run. */
function breaking(error: Error): Executor {
  const fail = () => {
    throw error
  }
  return {
    ...plainExecutor,
    id: 'tfjs-webgpu',
    compile: (of) => ({ graph: of, memoryBytes: 0, outputs: plainExecutor.compile(of).outputs, run: fail }),
  }
}

describe('a guarded executor', () => {
  it('computes what the executor computes', () => {
    const program = guardedExecutor(plainExecutor).compile(graph)
    expect([...program.run(bindings).view('y')]).toEqual([2, 4, 6])
  })

  it('makes what breaks inside a BACKEND_LOST with the reason', () => {
    const executor = guardedExecutor(breaking(new RangeError('memory access out of bounds.\n  at wasm')))
    const lost = expect.objectContaining({
      code: 'BACKEND_LOST',
      details: { backend: 'tfjs-webgpu', reason: 'memory access out of bounds' },
    }) as Error
    expect(() => executor.compile(graph).run(bindings)).toThrow(lost)
  })

  it('takes a backend that says in the middle that it is gone for lost', () => {
    const executor = guardedExecutor(breaking(backendUnavailable('tfjs-webgpu', 'the device is gone', 'Resume.')))
    expect(() => executor.compile(graph).run(bindings)).toThrow(
      expect.objectContaining({
        code: 'BACKEND_LOST',
        details: { backend: 'tfjs-webgpu', reason: 'the device is gone' },
      }) as Error,
    )
  })

  it.each([
    new GraphError('Graph "doubling": no value was bound to the input "x" [3].'),
    new PalateError('RUN_DIVERGED', 'The run diverged.', { run: '', update: 3, quantity: 'loss' }),
  ])('lets mistakes in a model or in data through as they are: $name', (error) => {
    expect(() => guardedExecutor(breaking(error)).compile(graph).run(bindings)).toThrow(error)
  })
})
