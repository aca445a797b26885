import type {
  ArchitectureBlock,
  ArchitectureEdge,
  ArchitectureLayer,
  ArchitectureParameter,
  FeedbackFlow,
} from '../../../contract/dto/architecture.ts'
import { neededNodes } from '../../compute/graph.ts'
import { opOf } from '../../compute/ops/index.ts'
import { sizeOf, type Graph, type GraphNode } from '../../compute/types.ts'
import { blockWords, layerTitle } from './block-words.ts'

/** The blocks of a graph and what they hand to each other. */
export interface BlockDrawing {
  readonly blocks: ArchitectureBlock[]
  readonly edges: ArchitectureEdge[]
}

/** Batches that the same computation is drawn for: which axes differ says which are the batch. */
const SMALL = 2
const LARGE = 3

/** Recurrent units within an encoder have a scope of their own; encoder and unit hand values to each other and are one block. */
function unitOf(block: string | undefined): string | undefined {
  if (block === undefined) return undefined
  const end = block.indexOf('.encoder')
  return end === -1 ? block : block.slice(0, end + '.encoder'.length)
}

/**
 * Reads blocks, shapes, parameters and edges from a model's own graph, grouped by the scopes in which it was built. What
 * stands outside all scopes hands its input on.
 *
 * @param draw the computation for a batch of so many rows; called twice
 */
export function blocksOf(draw: (batch: number) => Graph): BlockDrawing {
  const graph = draw(SMALL)
  const other = draw(LARGE)
  const symbolic = (node: GraphNode) => shapeOf(node, other.nodes[node.id]!)
  const nodes = neededNodes(graph)
  const parts = new Map<string, BlockPart>()
  for (const node of nodes) {
    const unit = unitOf(node.block)
    if (unit === undefined || node.op === 'constant') continue
    const part = parts.get(unit) ?? new BlockPart(unit)
    parts.set(unit, part)
    part.take(node, symbolic)
  }
  for (const [unit, part] of parts) if (!part.computes) parts.delete(unit)
  const edges = edgesOf(nodes, parts, symbolic)
  const flows = flowsOf([...parts.keys()], edges)
  const blocks = [...parts.values()].map((part) => part.finish(flows.get(part.id)!))
  return { blocks, edges: edges.map((edge) => ({ ...edge, flow: flows.get(edge.from)! })) }
}

/** "B" where the axis grows with the batch, "B·10" where it is a multiple of it. */
function shapeOf(small: GraphNode, large: GraphNode): string[] {
  return small.shape.map((size, axis) => {
    if (large.shape[axis] === size) return String(size)
    return size === SMALL ? 'B' : `B·${size / SMALL}`
  })
}

interface LayerInMaking {
  readonly title: string
  /** A unit with a scope of its own is one layer, however many steps it takes. */
  readonly nested: boolean
  shape: string[]
  readonly parameters: Map<string, ArchitectureParameter>
  flops: number
  times: number
}

class BlockPart {
  readonly id: string
  computes = false
  readonly #parameters = new Map<string, number>()
  readonly #layers = new Map<string, LayerInMaking>()
  #shape: string[] = []
  #flops = 0
  #last: { readonly node: GraphNode; readonly layer: LayerInMaking } | undefined

  constructor(id: string) {
    this.id = id
  }

  take(node: GraphNode, symbolic: (node: GraphNode) => string[]): void {
    if (node.op === 'parameter') this.#parameters.set(node.attributes.name!, sizeOf(node.shape))
    if (opOf(node.op).source) return
    this.computes = true
    this.#shape = symbolic(node)
    if (opOf(node.op).alias) {
      // What a unit of several steps hands on is its result under another shape.
      if (this.#last && node.inputs[0] === this.#last.node) this.#last = { node, layer: this.#last.layer }
      if (this.#last?.node === node && this.#last.layer.nested) this.#last.layer.shape = this.#shape
      return
    }
    const flops = (opOf(node.op).flops?.(node) ?? 0) / SMALL
    this.#flops += flops
    const layer = this.#layerFor(node)
    layer.shape = this.#shape
    layer.flops += flops
    layer.times++
    this.#last = { node, layer }
    for (const input of node.inputs) {
      if (input.op !== 'parameter') continue
      const name = input.attributes.name!
      layer.parameters.set(name, { name, shape: [...input.shape], count: sizeOf(input.shape) })
    }
  }

  #layerFor(node: GraphNode): LayerInMaking {
    const nested = node.block !== this.id
    const weights = node.inputs.flatMap((input) => (input.op === 'parameter' ? [input.attributes.name] : []))
    const title = nested ? blockWords(node.block!).title : layerTitle(node)
    const key = nested ? node.block! : `${title} ${weights.join()} ${weights.length > 0 ? '' : node.shape.join()}`
    const known = this.#layers.get(key)
    if (known) return known
    const layer: LayerInMaking = { title, nested, shape: [], parameters: new Map(), flops: 0, times: 0 }
    this.#layers.set(key, layer)
    return layer
  }

  finish(flow: FeedbackFlow): ArchitectureBlock {
    const layers = [...this.#layers.values()].map(({ nested, times, parameters, ...layer }): ArchitectureLayer => ({
      ...layer,
      times: nested ? 1 : times,
      parameters: [...parameters.values()],
    }))
    const parameters = [...this.#parameters.values()].reduce((sum, count) => sum + count, 0)
    const { id } = this
    return { id, ...blockWords(id), flow, shape: this.#shape, parameters, flops: this.#flops, layers }
  }
}

type PlainEdge = Omit<ArchitectureEdge, 'flow'>

function edgesOf(
  nodes: readonly GraphNode[],
  parts: ReadonlyMap<string, BlockPart>,
  symbolic: (node: GraphNode) => string[],
): PlainEdge[] {
  const edges = new Map<string, PlainEdge>()
  for (const node of nodes) {
    const to = unitOf(node.block)
    if (to === undefined || !parts.has(to)) continue
    for (const input of node.inputs) {
      for (const origin of originsOf(input, node)) {
        const from = unitOf(origin.block)
        if (from === undefined || from === to || !parts.has(from)) continue
        // Beside its result a block may hand on a mask; the result is what is told.
        if (edges.has(`${from} ${to}`) && opOf(origin.op).source) continue
        edges.set(`${from} ${to}`, { from, to, shape: symbolic(origin) })
      }
    }
  }
  return [...edges.values()]
}

/** The nodes within blocks that a value comes from; what stands outside of blocks is passed through. */
function originsOf(node: GraphNode, reader: GraphNode): GraphNode[] {
  if (node.op === 'constant' || node.op === 'parameter') return []
  if (reader.op === 'slice' && node.op === 'concat' && node.block === undefined) {
    const part = slicedPart(node, reader.attributes.start ?? 0)
    if (part) return originsOf(part, node)
  }
  if (node.block !== undefined) return [node]
  return node.inputs.flatMap((input) => originsOf(input, node))
}

/** The part of a concatenation that begins at column `start`: what is taken out again has not been mixed. */
function slicedPart(concat: GraphNode, start: number): GraphNode | undefined {
  let at = 0
  for (const part of concat.inputs) {
    if (at === start) return part
    at += part.shape.at(-1)!
  }
  return undefined
}

/** Feedback spreads along the edges from the lists of liked and of disliked items. */
function flowsOf(ids: readonly string[], edges: readonly PlainEdge[]): Map<string, FeedbackFlow> {
  const flows = new Map<string, FeedbackFlow>(ids.map((id) => [id, sideOf(id)]))
  for (let changed = true; changed;) {
    changed = false
    for (const { from, to } of edges) {
      const flow = merged(flows.get(from)!, flows.get(to)!)
      if (flow === flows.get(to)) continue
      flows.set(to, flow)
      changed = true
    }
  }
  return flows
}

function sideOf(id: string): FeedbackFlow {
  return id === 'input.positive' ? 'positive' : id === 'input.negative' ? 'negative' : 'none'
}

function merged(a: FeedbackFlow, b: FeedbackFlow): FeedbackFlow {
  if (a === b || b === 'none') return a
  return a === 'none' ? b : 'both'
}
