import { describe, expect, test } from 'vitest'
import { createArena } from '../../../../src-main/engine/compute/arena.ts'
import { differentiate } from '../../../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { GraphError } from '../../../../src-main/engine/compute/types.ts'
import type { Executor } from '../../../../src-main/engine/compute/types.ts'

/** The exact message with which `act` fails; it must be a GraphError. */
function messageOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(GraphError)
    return (error as GraphError).message
  }
  throw new Error('nothing was thrown')
}

describe('a mistake in a graph is reported where it is made', () => {
  const g = new GraphBuilder('toy')
  const x = g.input('x', [4, 3])
  const list = g.input('list', [4, 5, 3])
  const ids = g.inputInt('ids', [4])

  test.each<[string, () => unknown, string]>([
    [
      'a weight that does not fit',
      () => g.linear(x, g.parameter('l1.weight', [5, 2]), null),
      'Graph "toy": linear("x" [4, 3], "l1.weight" [5, 2]) is not possible: x [4, 3] has 3 columns but the weight [5, 2] takes 5.',
    ],
    [
      'a bias that does not fit',
      () => g.linear(x, g.parameter('w', [3, 2]), g.parameter('b', [3])),
      'Graph "toy": linear("x" [4, 3], "w" [3, 2], "b" [3]) is not possible: the bias must have shape [2].',
    ],
    [
      'inner sizes that differ',
      () => g.matmul(x, x),
      'Graph "toy": matmul("x" [4, 3], "x" [4, 3]) is not possible: the inner sizes differ: 3 of a and 4 of b.',
    ],
    [
      'weights for another list',
      () => g.weightedSum(g.input('weights', [4, 6]), list),
      'Graph "toy": weightedSum("weights" [4, 6], "list" [4, 5, 3]) is not possible: the weights must have shape [4, 5].',
    ],
    [
      'shapes that cannot be added',
      () => g.add(x, list),
      'Graph "toy": add("x" [4, 3], "list" [4, 5, 3]) is not possible: the second shape [4, 5, 3] must be how the first, [4, 3], ends.',
    ],
    [
      'a slice beyond the end',
      () => g.slice(x, 2, 2),
      'Graph "toy": slice("x" [4, 3]) is not possible: columns 2 to 3 are not all within the 3 columns of [4, 3].',
    ],
    [
      'a reshape that loses elements',
      () => g.reshape(x, [5, 2]),
      'Graph "toy": reshape("x" [4, 3]) is not possible: 12 elements cannot take the shape [5, 2], which has 10.',
    ],
    [
      'parts that do not line up',
      () => g.concat([x, list]),
      'Graph "toy": concat("x" [4, 3], "list" [4, 5, 3]) is not possible: the parts must agree in all axes but the last.',
    ],
    [
      'numbers in place of ids',
      () => g.gather(x, x),
      'Graph "toy": gather("x" [4, 3], "x" [4, 3]) is not possible: the ids must be integers; declare them with inputInt.',
    ],
    [
      'ids in place of numbers',
      () => g.tanh(ids),
      'Graph "toy": unary("ids" [4]) is not possible: argument 1 holds integers, but this op computes with float32.',
    ],
    [
      'an axis of no size',
      () => g.input('empty', [0, 3]),
      'Graph "toy": input "empty"() is not possible: each axis must be a positive integer, not [0, 3].',
    ],
    [
      'one name with two shapes',
      () => [g.parameter('shared', [2]), g.parameter('shared', [3])],
      'Graph "toy": parameter "shared" was declared with shape [2] and is asked for with [3]. Use one shape, or another name.',
    ],
    ['an input twice', () => g.input('x', [4, 3]), 'Graph "toy": there are two inputs named "x". Give each its own name.'],
    [
      'a parameter named as an input',
      () => g.parameter('x', [4, 3]),
      'Graph "toy": "x" is already an input and cannot be a parameter too.',
    ],
    [
      'a node of another graph',
      () => new GraphBuilder('other').tanh(x),
      'Graph "other": unary was given a node of another graph. Build all nodes with one builder.',
    ],
    ['no output', () => g.build(), 'Graph "toy" has no output. Name at least one result with output().'],
  ])('%s', (_what, act, message) => {
    expect(messageOf(act)).toBe(message)
  })
})

describe('what cannot be differentiated is said', () => {
  const g = new GraphBuilder('toy')
  const x = g.input('x', [2, 3])
  const w = g.parameter('w', [3])
  g.parameter('apart', [3])
  g.output('vector', g.mul(x, w))
  g.output('loss', g.mean(g.mul(x, w)))
  const graph = g.build()

  test.each<[string, () => unknown, string]>([
    ['an unknown loss', () => differentiate(graph, 'los', ['w']), 'Graph "toy" has no output "los". It has vector, loss.'],
    [
      'a loss that is no scalar',
      () => differentiate(graph, 'vector', ['w']),
      'Graph "toy": the loss "vector" has shape [2, 3]. Reduce it to a scalar first.',
    ],
    ['an unknown target', () => differentiate(graph, 'loss', ['v']), 'Graph "toy" has no parameter or float32 input "v".'],
    [
      'a parameter the loss does not depend on',
      () => differentiate(graph, 'loss', ['apart']),
      'Graph "toy": "loss" does not depend on "apart", so it has no gradient there. Leave the name out or connect it.',
    ],
    [
      'the same gradient twice',
      () => differentiate(differentiate(graph, 'loss', ['w']), 'loss', ['w']),
      'Graph "toy" already has a gradient with respect to "w". Add the losses before differentiating.',
    ],
  ])('%s', (_what, act, message) => {
    expect(messageOf(act)).toBe(message)
  })

  test('nothing flows through stopGradient', () => {
    const stopped = new GraphBuilder('stopped')
    stopped.output('loss', stopped.mean(stopped.stopGradient(stopped.square(stopped.parameter('w', [3])))))
    expect(messageOf(() => differentiate(stopped.build(), 'loss', ['w']))).toBe(
      'Graph "stopped": "loss" does not depend on "w", so it has no gradient there. Leave the name out or connect it.',
    )
  })
})

describe('what is bound is checked before anything is computed', () => {
  const g = new GraphBuilder('toy')
  const table = g.parameter('table', [3, 2])
  g.output('rows', g.gather(table, g.inputInt('ids', [2])))
  const doubled = g.scale(g.input('x', [2, 2]), 2)
  g.output('doubled', doubled)
  const graph = g.build()
  const arena = createArena(graph.parameters)
  const program = plainExecutor.compile(graph)
  const x = new Float32Array(4)
  const ids = new Int32Array(2)

  test.each<[string, () => unknown, string]>([
    [
      'a missing input',
      () => program.run({ inputs: { ids }, parameters: [arena] }),
      'Graph "toy": no value was bound to the input "x" [2, 2].',
    ],
    [
      'an input of another length',
      () => program.run({ inputs: { ids, x: new Float32Array(3) }, parameters: [arena] }),
      'Graph "toy": the input "x" [2, 2] wants 4 float32 values and was given 3 in a Float32Array.',
    ],
    [
      'an input of another type',
      () => program.run({ inputs: { ids: new Float32Array(2), x }, parameters: [arena] }),
      'Graph "toy": the input "ids" [2] wants 2 int32 values and was given 2 in a Float32Array.',
    ],
    [
      'a parameter in no arena',
      () => program.run({ inputs: { ids, x }, parameters: [] }),
      'Graph "toy": no bound arena holds the parameter "table" [3, 2].',
    ],
    [
      'a parameter of another size',
      () => {
        const other = createArena([{ name: 'table', shape: [2, 2], initial: { kind: 'zeros' } }])
        program.run({ inputs: { ids, x }, parameters: [other] })
      },
      'Graph "toy": the parameter "table" [3, 2] wants 6 values and its arena has 4.',
    ],
    [
      'an id beyond the table',
      () => program.run({ inputs: { ids: Int32Array.from([0, 3]), x }, parameters: [arena] }),
      'Graph "toy": gather#2 was given the index 3 at position 1; allowed are 0 to 2.',
    ],
    [
      'a negative id',
      () => program.run({ inputs: { ids: Int32Array.from([-1, 0]), x }, parameters: [arena] }),
      'Graph "toy": gather#2 was given the index -1 at position 0; allowed are 0 to 2.',
    ],
    [
      'an unknown output',
      () => program.run({ inputs: { ids, x }, parameters: [arena] }).view('y'),
      'Graph "toy" has no output "y". It has rows, doubled.',
    ],
    [
      'a scalar that is none',
      () => program.run({ inputs: { ids, x }, parameters: [arena] }).scalar('rows'),
      'Graph "toy": output "rows" is no scalar; it has 4 elements.',
    ],
    [
      'a gradient that was not asked for',
      () => program.run({ inputs: { ids, x }, parameters: [arena] }).gradient('table'),
      'Graph "toy" has no gradient with respect to "table".',
    ],
  ])('%s', (_what, act, message) => {
    expect(messageOf(act)).toBe(message)
  })

  test('an op that the executor does not know', () => {
    const strange = { ...graph, nodes: graph.nodes.map((node) => node) }
    const executor: Executor = plainExecutor
    const odd = { ...doubled, op: 'conv2d' }
    expect(
      messageOf(() =>
        executor.compile({ ...strange, nodes: [...graph.nodes.slice(0, -1), odd], outputs: new Map([['y', odd]]) }),
      ),
    ).toMatch(/^There is no op "conv2d"\. Known are input, inputInt, /)
  })
})
