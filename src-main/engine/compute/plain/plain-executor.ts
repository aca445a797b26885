import { Binder, Results } from '../bindings.ts'
import type { BoundSource } from '../bindings.ts'
import { planMemory } from '../memory-plan.ts'
import type { MemoryPlan } from '../memory-plan.ts'
import { GraphError, sizeOf } from '../types.ts'
import type { Bindings, Executor, Graph, GraphNode, Program, ProgramOutputs } from '../types.ts'
import { elementwiseKernels } from './elementwise-kernels.ts'
import { gatherKernels } from './gather-kernels.ts'
import { reserveGemm } from './gemm.ts'
import type { PlainKernel, PlainKernels } from './kernel.types.ts'
import { widthOf } from './kernel.types.ts'
import { linearKernels } from './linear-kernels.ts'
import { plainFactorisation } from './plain-factorisation.ts'
import { plainMemory } from './plain-memory.ts'
import { plainPasses } from './plain-passes.ts'
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
  device: 'plain JavaScript',
  memory: plainMemory,
  passes: plainPasses,
  factorisation: plainFactorisation,
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

class PlainProgram implements Program {
  readonly graph: Graph
  readonly memoryBytes: number
  readonly #steps: readonly Step[]
  readonly #binder: Binder
  readonly #uses: ReadonlyMap<GraphNode, readonly Use[]>
  readonly outputs: Results

  constructor(graph: Graph) {
    this.graph = graph
    const plan = planMemory(graph)
    const memory = placeValues(plan)
    this.#steps = plan.steps.map((node) => makeStep(graph, node, plan, memory.values))
    this.#binder = new Binder(graph, plan)
    this.#uses = collectUses(this.#steps, plan)
    this.outputs = new Results(graph, (node) => memory.values.get(plan.origin(node))!)
    this.memoryBytes = memory.bytes
  }

  run(bindings: Bindings): ProgramOutputs {
    this.#binder.bind(bindings)
    this.#place(this.#binder.inputs)
    this.#place(this.#binder.parameters)
    const { name } = this.graph
    for (let index = 0; index < this.#steps.length; index++) {
      const step = this.#steps[index]!
      step.kernel(step.out, step.inputs, step.node, step.ids, name)
    }
    this.outputs.handOutGradients(bindings)
    return this.outputs
  }

  #place(sources: readonly BoundSource[]): void {
    for (let index = 0; index < sources.length; index++) {
      const { node, values } = sources[index]!
      const uses = this.#uses.get(node)
      for (let at = 0; uses !== undefined && at < uses.length; at++) {
        const { step, argument } = uses[at]!
        if (values instanceof Int32Array) step.ids = values
        else step.inputs[argument] = values
      }
    }
  }
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
  if (node.op === 'linear' || node.op === 'matmul' || node.op === 'matmulPart') reserveFor(node)
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
