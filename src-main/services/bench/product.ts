import { GraphBuilder } from '../../engine/compute/graph-builder.ts'
import type { Executor } from '../../engine/compute/types.ts'

export const productSize = 512
export const productFlops = 2 * productSize ** 3

/** What an executor reaches at best. @returns a call that makes one product of two square matrices */
export function squareProduct(executor: Executor): () => void {
  const shape = [productSize, productSize]
  const g = new GraphBuilder('bench.product')
  g.output('product', g.matmul(g.input('a', shape), g.input('b', shape)))
  const program = executor.compile(g.build())
  const matrix = () => executor.memory.floats(productSize ** 2).fill(0.5)
  const bindings = { tables: { a: matrix(), b: matrix() } }
  return () => void program.run(bindings)
}
