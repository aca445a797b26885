import { Binder, Results, type BoundSource } from '../bindings.ts'
import { planMemory } from '../memory-plan.ts'
import type { MemoryPlan } from '../memory-plan.ts'
import { GraphError, sizeOf } from '../types.ts'
import type { Bindings, Graph, GraphNode, InputValues, ParameterArena, Program, ProgramOutputs } from '../types.ts'
import { encoders } from './encoders/index.ts'
import { INSTRUCTION_WORDS, writeInstructions, type AddressWord } from './instruction-writer.ts'
import type { KernelMemory } from './kernel-memory.ts'
import type { KernelRuntime } from './runtime.types.ts'

/** A bound source, and the words of the program that hold its address. */
interface SourceWords {
  readonly source: BoundSource
  readonly words: readonly AddressWord[]
  /** The array at whose address the words point. */
  placed: InputValues | undefined
  /** Where values that lie outside the memory are copied to; made when the first such array comes. */
  copy: InputValues | undefined
}

/** A gradient that the program may write straight into whatever arena is bound for it. */
interface MovableGradient {
  readonly name: string
  readonly node: GraphNode
  readonly words: readonly AddressWord[]
  readonly own: Float32Array
  values: Float32Array
}

/**
 * A graph as a list of instructions in the memory of a runtime. A run writes the addresses that have changed since the last
 * one and has the list carried out: one call, whatever the number of ops.
 */
export class KernelProgram implements Program {
  readonly graph: Graph
  readonly memoryBytes: number
  readonly #memory: KernelMemory
  readonly #runtime: KernelRuntime
  readonly #words: Int32Array
  readonly #count: number
  readonly #binder: Binder
  readonly #sources: readonly SourceWords[]
  readonly #movable: readonly MovableGradient[]
  readonly #valueOf: (node: GraphNode) => Float32Array
  #results: Results

  constructor(graph: Graph, memory: KernelMemory, runtime: KernelRuntime) {
    this.graph = graph
    this.#memory = memory
    this.#runtime = runtime
    const plan = planMemory(graph)
    const values = placeValues(plan, memory)
    const lists = plan.steps.map((node) => encode(graph, node))
    this.#count = lists.reduce((total, list) => total + list.length, 0)
    this.#words = memory.ints(this.#count * INSTRUCTION_WORDS)
    const words = collectWords(plan, lists, this.#words, runtime.threads)
    for (const [node, place] of values.places) this.#point(words.get(node) ?? [], place)
    this.#binder = new Binder(graph, plan)
    this.#sources = [...this.#binder.inputs, ...this.#binder.parameters].map((source) => ({
      source,
      words: words.get(source.node) ?? [],
      placed: undefined,
      copy: undefined,
    }))
    this.#valueOf = (node) => values.places.get(plan.origin(node))!
    this.#movable = movableGradients(graph, plan, words, this.#valueOf)
    this.#results = new Results(graph, this.#valueOf)
    this.memoryBytes = values.bytes + this.#words.byteLength
  }

  get outputs(): ProgramOutputs {
    return this.#results
  }

  run(bindings: Bindings): ProgramOutputs {
    this.#binder.bind(bindings)
    for (let index = 0; index < this.#sources.length; index++) this.#place(this.#sources[index]!)
    this.#moveGradients(bindings.gradients)
    this.#runtime.run(this.#words.byteOffset, this.#count)
    this.#results.handOutGradients(bindings)
    return this.#results
  }

  #place(slot: SourceWords): void {
    const { values, isTable } = slot.source
    if (this.#memory.addressOf(values) >= 0) {
      if (slot.placed === values) return
      this.#point(slot.words, values)
      slot.placed = values
      return
    }
    if (isTable && slot.placed === values) return
    if (!slot.copy) {
      slot.copy = values instanceof Int32Array ? this.#memory.ints(values.length) : this.#memory.floats(values.length)
    }
    if (slot.placed === undefined || this.#memory.addressOf(slot.placed) >= 0) this.#point(slot.words, slot.copy)
    slot.copy.set(values)
    slot.placed = values
  }

  /** Gradients are written where they are wanted, if that lies in this memory: a copy of them all would cost as much as a layer. */
  #moveGradients(arenas: readonly ParameterArena[] | undefined): void {
    let moved = false
    for (let index = 0; index < this.#movable.length; index++) {
      const gradient = this.#movable[index]!
      const values = this.#wanted(gradient.name, arenas) ?? gradient.own
      if (values === gradient.values) continue
      gradient.values = values
      this.#point(gradient.words, values)
      moved = true
    }
    if (moved) this.#findResults()
  }

  /** In a method of its own: its closures would be allocated in each run. */
  #findResults(): void {
    const places = new Map(this.#movable.map(({ node, values }) => [node, values]))
    this.#results = new Results(this.graph, (node) => places.get(node) ?? this.#valueOf(node))
  }

  #wanted(name: string, arenas: readonly ParameterArena[] | undefined): Float32Array | undefined {
    for (let at = 0; arenas !== undefined && at < arenas.length; at++) {
      if (!arenas[at]!.has(name)) continue
      const view = arenas[at]!.view(name)
      return this.#memory.addressOf(view) >= 0 ? view : undefined
    }
    return undefined
  }

  #point(words: readonly AddressWord[], values: InputValues): void {
    const address = this.#memory.addressOf(values)
    for (let at = 0; at < words.length; at++) this.#words[words[at]!.word] = address + words[at]!.offset
  }
}

function encode(graph: Graph, node: GraphNode) {
  const encoder = Object.hasOwn(encoders, node.op) ? encoders[node.op] : undefined
  if (!encoder) throw new GraphError(`Graph "${graph.name}": there is no kernel for the op "${node.op}".`)
  return encoder(node)
}

/** Takes memory for every computed node and constant. */
function placeValues(plan: MemoryPlan, memory: KernelMemory): { places: Map<GraphNode, Float32Array>; bytes: number } {
  const slots = plan.slotSizes.map((size) => memory.floats(size))
  let bytes = slots.reduce((total, slot) => total + slot.byteLength, 0)
  const places = new Map<GraphNode, Float32Array>()
  for (const node of plan.steps) places.set(node, slots[plan.slotOf[node.id]!]!.subarray(0, sizeOf(node.shape)))
  for (const node of plan.sources) {
    if (node.op !== 'constant') continue
    const filled = memory.floats(sizeOf(node.shape)).fill(node.attributes.value!)
    bytes += filled.byteLength
    places.set(node, filled)
  }
  return { places, bytes }
}

/** Writes all instructions; @returns the words that hold the address of each node's memory, by the node that owns it */
function collectWords(
  plan: MemoryPlan,
  lists: readonly ReturnType<typeof encode>[],
  program: Int32Array,
  threads: number,
): Map<GraphNode, AddressWord[]> {
  const words = new Map<GraphNode, AddressWord[]>()
  let first = 0
  plan.steps.forEach((node, step) => {
    for (const word of writeInstructions(program, first, node, lists[step]!, threads)) {
      const owner = plan.origin(word.node)
      const known = words.get(owner)
      if (known) known.push(word)
      else words.set(owner, [word])
    }
    first += lists[step]!.length
  })
  return words
}

/** Gradients whose memory is nothing else: no output, and no second gradient, shares it. */
function movableGradients(
  graph: Graph,
  plan: MemoryPlan,
  words: ReadonlyMap<GraphNode, AddressWord[]>,
  valueOf: (node: GraphNode) => Float32Array,
): MovableGradient[] {
  const owners = [...graph.outputs.values(), ...graph.gradients.values()].map((node) => plan.origin(node))
  return [...graph.gradients].flatMap(([name, node]) => {
    const owner = plan.origin(node)
    if (owners.filter((other) => other === owner).length > 1) return []
    const own = valueOf(node)
    return [{ name, node, words: words.get(owner) ?? [], own, values: own }]
  })
}
