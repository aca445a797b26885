import { planMemory } from '../memory-plan.ts'
import type { MemoryPlan } from '../memory-plan.ts'
import { GraphError, showShape, sizeOf } from '../types.ts'
import type { Bindings, Executor, Graph, GraphNode, Program, ProgramOutputs } from '../types.ts'
import { elementwiseKernels } from './elementwise-kernels.ts'
import { gatherKernels } from './gather-kernels.ts'
import { reserveGemm } from './gemm.ts'
import type { PlainKernel, PlainKernels } from './kernel.types.ts'
import { widthOf } from './kernel.types.ts'
import { linearKernels } from './linear-kernels.ts'
import { rowKernels } from './row-kernels.ts'
import { shapingKernels } from './shaping-kernels.ts'
import { softmaxKernels } from './softmax-kernels.ts'

const kernels: PlainKernels = {
  ...linearKernels,
  ...gatherKernels,
  ...softmaxKernels,
  ...rowKernels,
  ...shapingKernels,
  ...elementwiseKernels,
}

/** Computes in plain JavaScript, on any machine, one thread: the last resort for speed and the first for clarity. */
export const plainExecutor: Executor = {
  id: 'plain',
  compile: (graph) => new PlainProgram(graph),
}

const noFloats = new Float32Array(0)
const noIds = new Int32Array(0)

/** One node with its memory. The arrays in `inputs` that come from outside are replaced at the start of each run. */
interface Step {
  readonly node: GraphNode
  readonly kernel: PlainKernel
  readonly out: Float32Array
  readonly inputs: Float32Array[]
  ids: Int32Array
}

/** Where a bound value goes: argument `argument` of `step`. */
interface Use {
  readonly step: Step
  readonly argument: number
}

interface Binding {
  readonly name: string
  readonly node: GraphNode
  readonly size: number
  readonly uses: readonly Use[]
}

class PlainProgram implements Program, ProgramOutputs {
  readonly graph: Graph
  readonly memoryBytes: number
  readonly #steps: readonly Step[]
  readonly #inputs: readonly Binding[]
  readonly #parameters: readonly Binding[]
  readonly #outputs: ReadonlyMap<string, Float32Array>
  readonly #gradients: readonly { readonly name: string; readonly values: Float32Array }[]

  constructor(graph: Graph) {
    this.graph = graph
    const plan = planMemory(graph)
    const memory = placeValues(plan)
    this.#steps = plan.steps.map((node) => makeStep(graph, node, plan, memory.values))
    const uses = collectUses(this.#steps, plan)
    const bindings = (...ops: string[]): Binding[] =>
      plan.sources
        .filter((node) => ops.includes(node.op))
        .map((node) => ({ name: node.attributes.name!, node, size: sizeOf(node.shape), uses: uses.get(node) ?? [] }))
    this.#inputs = bindings('input', 'inputInt')
    this.#parameters = bindings('parameter')
    const valueOf = (node: GraphNode): Float32Array => memory.values.get(plan.origin(node))!
    this.#outputs = new Map([...graph.outputs].map(([name, node]) => [name, valueOf(node)]))
    this.#gradients = [...graph.gradients].map(([name, node]) => ({ name, values: valueOf(node) }))
    this.memoryBytes = memory.bytes
  }

  run(bindings: Bindings): ProgramOutputs {
    this.#bindInputs(bindings)
    this.#bindParameters(bindings)
    const { name } = this.graph
    for (let index = 0; index < this.#steps.length; index++) {
      const step = this.#steps[index]!
      step.kernel(step.out, step.inputs, step.node, step.ids, name)
    }
    this.#handOutGradients(bindings)
    return this
  }

  view(name: string): Float32Array {
    const values = this.#outputs.get(name)
    if (!values)
      throw new GraphError(`Graph "${this.graph.name}" has no output "${name}". It has ${[...this.#outputs.keys()].join(', ')}.`)
    return values
  }

  scalar(name: string): number {
    const values = this.view(name)
    if (values.length !== 1)
      throw new GraphError(`Graph "${this.graph.name}": output "${name}" is no scalar; it has ${values.length} elements.`)
    return values[0]!
  }

  gradient(name: string): Float32Array {
    for (const gradient of this.#gradients) if (gradient.name === name) return gradient.values
    throw new GraphError(`Graph "${this.graph.name}" has no gradient with respect to "${name}".`)
  }

  #bindInputs(bindings: Bindings): void {
    for (let index = 0; index < this.#inputs.length; index++) {
      const { name, node, size, uses } = this.#inputs[index]!
      const values = bindings.inputs?.[name]
      if (values === undefined)
        throw new GraphError(`Graph "${this.graph.name}": no value was bound to the input "${name}" ${showShape(node.shape)}.`)
      const fits = node.dtype === 'int32' ? values instanceof Int32Array : values instanceof Float32Array
      if (!fits || values.length !== size) {
        throw new GraphError(
          `Graph "${this.graph.name}": the input "${name}" ${showShape(node.shape)} wants ${size} ${node.dtype} values and was given ${values.length} in a ${values.constructor.name}.`,
        )
      }
      if (values instanceof Int32Array) for (let at = 0; at < uses.length; at++) uses[at]!.step.ids = values
      else bindFloats(uses, values)
    }
  }

  #bindParameters(bindings: Bindings): void {
    const arenas = bindings.parameters
    for (let index = 0; index < this.#parameters.length; index++) {
      const { name, node, size, uses } = this.#parameters[index]!
      let values: Float32Array | undefined
      for (let at = 0; arenas !== undefined && at < arenas.length && values === undefined; at++) {
        if (arenas[at]!.has(name)) values = arenas[at]!.view(name)
      }
      if (values === undefined) {
        throw new GraphError(`Graph "${this.graph.name}": no bound arena holds the parameter "${name}" ${showShape(node.shape)}.`)
      }
      if (values.length !== size) {
        throw new GraphError(
          `Graph "${this.graph.name}": the parameter "${name}" ${showShape(node.shape)} wants ${size} values and its arena has ${values.length}.`,
        )
      }
      bindFloats(uses, values)
    }
  }

  #handOutGradients(bindings: Bindings): void {
    const arenas = bindings.gradients
    if (arenas === undefined) return
    for (let index = 0; index < this.#gradients.length; index++) {
      const { name, values } = this.#gradients[index]!
      for (let at = 0; at < arenas.length; at++) if (arenas[at]!.has(name)) arenas[at]!.view(name).set(values)
    }
  }
}

function bindFloats(uses: readonly Use[], values: Float32Array): void {
  for (let at = 0; at < uses.length; at++) uses[at]!.step.inputs[uses[at]!.argument] = values
}

/** Allocates the slots and gives every computed node and constant its view. */
function placeValues(plan: MemoryPlan): { values: Map<GraphNode, Float32Array>; bytes: number } {
  const slots = plan.slotSizes.map((size) => new Float32Array(size))
  let bytes = slots.reduce((total, slot) => total + slot.byteLength, 0)
  const values = new Map<GraphNode, Float32Array>()
  for (const node of plan.steps) values.set(node, slots[plan.slotOf[node.id]!]!.subarray(0, sizeOf(node.shape)))
  for (const node of plan.sources) {
    if (node.op !== 'constant') continue
    const filled = new Float32Array(sizeOf(node.shape)).fill(node.attributes.value!)
    bytes += filled.byteLength
    values.set(node, filled)
  }
  return { values, bytes }
}

function makeStep(graph: Graph, node: GraphNode, plan: MemoryPlan, values: ReadonlyMap<GraphNode, Float32Array>): Step {
  const kernel = Object.hasOwn(kernels, node.op) ? kernels[node.op] : undefined
  if (!kernel) throw new GraphError(`Graph "${graph.name}": the plain executor does not know the op "${node.op}".`)
  if (node.op === 'linear' || node.op === 'matmul') reserveFor(node)
  const inputs = node.inputs.map((input) => values.get(plan.origin(input)) ?? noFloats)
  return { node, kernel, out: values.get(node)!, inputs, ids: noIds }
}

function reserveFor(node: GraphNode): void {
  const a = node.inputs[0]!
  const inner = node.attributes.transposeA ? sizeOf(a.shape) / widthOf(a) : widthOf(a)
  reserveGemm(widthOf(node), inner)
}

/** The arguments that come from outside, by their source. */
function collectUses(steps: readonly Step[], plan: MemoryPlan): Map<GraphNode, Use[]> {
  const uses = new Map<GraphNode, Use[]>()
  for (const step of steps) {
    for (const [argument, input] of step.node.inputs.entries()) {
      const source = plan.origin(input)
      if (source.op !== 'input' && source.op !== 'inputInt' && source.op !== 'parameter') continue
      const known = uses.get(source)
      if (known) known.push({ step, argument })
      else uses.set(source, [{ step, argument }])
    }
  }
  return uses
}
