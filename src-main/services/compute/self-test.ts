import { createArena } from '../../engine/compute/arena.ts'
import { differentiate } from '../../engine/compute/differentiate.ts'
import { GraphBuilder } from '../../engine/compute/graph-builder.ts'
import type { Executor, Graph } from '../../engine/compute/types.ts'

/** Rows of the batch, list positions, rows of the table, widths: none is a multiple of a kernel's tile. */
const B = 7
const N = 5
const ROWS = 11
const K = 9
const H = 19
const OUT = 3

interface Expected {
  /** The sum of its elements, each times its weight of `weightOf`. */
  readonly weighted: number
  readonly squares: number
}

/** What a right executor finds, computed once in double precision with another program (PyTorch 1.13, float64). */
const expected: { readonly loss: number; readonly prediction: Expected; readonly gradients: Readonly<Record<string, Expected>> } =
  {
    loss: 2.10174599537,
    prediction: { weighted: 7.30382506788, squares: 29.8931726222 },
    gradients: {
      table: { weighted: -1.61195918668, squares: 2.40632892337 },
      'attention.w': { weighted: 0.273347213863, squares: 0.0675318898444 },
      // Softmax does not see what is added to all logits.
      'attention.b': { weighted: 0, squares: 0 },
      'hidden.w': { weighted: -0.801932633604, squares: 2.59011010078 },
      'hidden.b': { weighted: -3.75999630183, squares: 8.64131974537 },
      'out.w': { weighted: -6.47395505123, squares: 6.17782452807 },
      'out.b': { weighted: -5.89924546363, squares: 2.5161777601 },
    },
  }

/** Single precision and another order of sums, but no wrong term: that would show in the first digits. */
const singlePrecision = 2e-5

/**
 * A small attention network with its gradients (linear, gather, masked softmax, weighted sum, tanh, mean squared error),
 * compared with numbers that are known to be right.
 *
 * @param tolerance relative; for devices that multiply less exactly than single precision does
 * @returns what is wrong, one sentence each; empty for an executor that can be trusted
 */
export function selfTest(executor: Executor, tolerance = singlePrecision): string[] {
  const graph = differentiate(buildGraph(), 'loss', () => true)
  const parameters = createArena(graph.parameters, executor.memory)
  for (const [index, { name }] of graph.parameters.entries()) fill(parameters.view(name), index)
  const gradients = createArena(graph.parameters, executor.memory)
  const program = executor.compile(graph)
  const bindings = { inputs: makeInputs(), parameters: [parameters], gradients: [gradients] }
  // Twice: the second run must not see anything of the first.
  program.run(bindings)
  const outputs = program.run(bindings)
  const problems = compare(
    'the loss',
    [outputs.scalar('loss')],
    { weighted: expected.loss, squares: expected.loss ** 2 },
    tolerance,
  )
  problems.push(...compare('the prediction', outputs.view('prediction'), expected.prediction, tolerance))
  for (const { name } of graph.parameters) {
    problems.push(...compare(`the gradient of ${name}`, gradients.view(name), expected.gradients[name]!, tolerance))
  }
  return problems
}

function buildGraph(): Graph {
  const g = new GraphBuilder('self-test')
  const items = g.gather(g.parameter('table', [ROWS, K]), g.inputInt('ids', [B, N]))
  const logits = g.reshape(g.linear(items, g.parameter('attention.w', [K, 1]), g.parameter('attention.b', [1])), [B, N])
  const pooled = g.weightedSum(g.maskedSoftmax(logits, g.input('mask', [B, N])), items)
  const hidden = g.tanh(g.linear(pooled, g.parameter('hidden.w', [K, H]), g.parameter('hidden.b', [H])))
  const prediction = g.linear(hidden, g.parameter('out.w', [H, OUT]), g.parameter('out.b', [OUT]))
  g.output('prediction', prediction)
  g.output('loss', g.mse(prediction, g.input('target', [B, OUT])))
  return g.build()
}

/** One row of the mask is all zeros: its weights are zeros and no NaN. */
function makeInputs(): { ids: Int32Array; mask: Float32Array; target: Float32Array } {
  const target = new Float32Array(B * OUT)
  fill(target, 7)
  return {
    ids: Int32Array.from({ length: B * N }, (_, index) => (index * index + 3 * index) % ROWS),
    mask: Float32Array.from({ length: B * N }, (_, index) => (index < N || index % 4 === 1 ? 0 : 1)),
    target,
  }
}

/** Multiples of 1/16 from -11/16 to 11/16, so that they are the same numbers in every precision. */
function fill(values: Float32Array, seed: number): void {
  for (let index = 0; index < values.length; index++) values[index] = (((index * (2 * seed + 5) + 7 * seed) % 23) - 11) / 16
}

/** Differs from element to element, so that two that have changed places show. */
function weightOf(index: number): number {
  return ((index * 5) % 13) - 6.5
}

function compare(what: string, values: ArrayLike<number>, { weighted, squares }: Expected, tolerance: number): string[] {
  let sum = 0
  let square = 0
  for (let index = 0; index < values.length; index++) {
    sum += values.length === 1 ? values[index]! : weightOf(index) * values[index]!
    square += values[index]! ** 2
  }
  // Terms of the weighted sum cancel: it is judged by their size, not by its own.
  const scale = Math.max(Math.sqrt(squares) * (values.length === 1 ? 1 : 6.5), 0.1)
  const wrong = !(Math.abs(sum - weighted) <= tolerance * scale) || !(Math.abs(square - squares) <= tolerance * (squares + 1e-6))
  if (!wrong) return []
  const show = (a: number, b: number) => `${a.toPrecision(6)} and ${b.toPrecision(6)}`
  return [`${what} is wrong (checksums ${show(sum, square)}, not ${show(weighted, squares)})`]
}
