import { neededNodes } from './graph.ts'
import { opOf } from './ops/index.ts'
import { sizeOf } from './types.ts'
import type { Graph, GraphNode } from './types.ts'

/** Where every value of a graph lives. All sizes count elements. */
export interface MemoryPlan {
  /** The nodes to compute, in order; sources and aliases are left out. */
  readonly steps: readonly GraphNode[]
  /** Inputs, parameters and constants that the steps read. */
  readonly sources: readonly GraphNode[]
  /** Index into `slotSizes` for each computed node by its id; -1 for nodes without memory of their own. */
  readonly slotOf: Int32Array
  readonly slotSizes: readonly number[]
  /** The node whose memory holds the value of `node`: itself unless it is a reshape or a stopped gradient. */
  origin(node: GraphNode): GraphNode
}

/** A node's memory under another name is that of its first input. */
function originOf(node: GraphNode): GraphNode {
  let origin = node
  while (opOf(origin.op).alias) origin = origin.inputs[0]!
  return origin
}

/**
 * Gives each computed value a slot and hands a slot on as soon as its last reader is done. Outputs and gradients keep
 * theirs to the end of the run. An element-wise op takes over the slot of an argument that dies with it, unless it is a
 * gradient: those may be written elsewhere, into an arena, and so must not be tied to another value.
 */
export function planMemory(graph: Graph): MemoryPlan {
  const needed = neededNodes(graph)
  const steps = needed.filter((node) => !opOf(node.op).source && !opOf(node.op).alias)
  const lastUse = findLastUses(graph, steps)
  const slots = new SlotPool()
  const slotOf = new Int32Array(graph.nodes.length).fill(-1)
  const gradients = new Set([...graph.gradients.values()].map(originOf))
  for (const [position, step] of steps.entries()) {
    const dying = new Set(
      step.inputs.map(originOf).filter((origin) => slotOf[origin.id] !== -1 && lastUse[origin.id] === position),
    )
    const heir = gradients.has(step) ? undefined : takenOver(step, dying)
    if (heir) {
      dying.delete(heir)
      slotOf[step.id] = slotOf[heir.id]!
    } else {
      slotOf[step.id] = slots.take(sizeOf(step.shape))
    }
    for (const origin of dying) slots.release(slotOf[origin.id]!)
  }
  const sources = needed.filter((node) => opOf(node.op).source)
  return { steps, sources, slotOf, slotSizes: slots.sizes, origin: originOf }
}

function takenOver(step: GraphNode, dying: ReadonlySet<GraphNode>): GraphNode | undefined {
  for (const index of opOf(step.op).inPlace ?? []) {
    const origin = originOf(step.inputs[index]!)
    if (dying.has(origin) && sizeOf(origin.shape) === sizeOf(step.shape)) return origin
  }
  return undefined
}

/** Position of the last step that reads each node's memory; the number of steps for what must outlive the run. */
function findLastUses(graph: Graph, steps: readonly GraphNode[]): Int32Array {
  const lastUse = new Int32Array(graph.nodes.length).fill(-1)
  for (const [position, step] of steps.entries()) for (const input of step.inputs) lastUse[originOf(input).id] = position
  for (const node of graph.outputs.values()) lastUse[originOf(node).id] = steps.length
  for (const node of graph.gradients.values()) lastUse[originOf(node).id] = steps.length
  return lastUse
}

class SlotPool {
  readonly sizes: number[] = []
  readonly #free: number[] = []

  /** The smallest free slot that is large enough, otherwise the largest free one, enlarged, otherwise a new one. */
  take(size: number): number {
    let best = -1
    for (const slot of this.#free) if (best === -1 || this.#fitsBetter(slot, best, size)) best = slot
    if (best === -1) return this.sizes.push(size) - 1
    this.#free.splice(this.#free.indexOf(best), 1)
    this.sizes[best] = Math.max(this.sizes[best]!, size)
    return best
  }

  release(slot: number): void {
    this.#free.push(slot)
  }

  #fitsBetter(slot: number, best: number, size: number): boolean {
    const candidate = this.sizes[slot]!
    const current = this.sizes[best]!
    if (current >= size) return candidate >= size && candidate < current
    return candidate > current
  }
}
