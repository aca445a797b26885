import type { MemoryPlan } from './memory-plan.ts'
import { nodeLabel } from './ops/index.ts'
import { lastAxis } from './ops/shapes.ts'
import { GraphError, showShape, sizeOf } from './types.ts'
import type { Bindings, Graph, GraphNode, InputValues, ProgramOutputs } from './types.ts'

const nothing = new Float32Array(0)

/** An input or parameter that a program reads, and what the latest run has bound to it. */
export interface BoundSource {
  readonly name: string
  readonly node: GraphNode
  readonly size: number
  /** Of the type and length that `node` wants, once `bind` has returned. */
  values: InputValues
  /** Bound as a table: as long as `values` is the same array, it holds the same numbers. */
  isTable: boolean
}

/** One op that reads by index. */
interface IndexUse {
  readonly node: GraphNode
  readonly source: BoundSource
  /** Indices are 0 to bound - 1. */
  readonly bound: number
  /** The table that was found to be in range: it need not be read again. */
  checked: InputValues | null
}

/** How many rows or columns an op chooses from by its ids. */
const indexBounds: Readonly<Record<string, (node: GraphNode) => number>> = {
  gather: (node) => node.inputs[0]!.shape[0]!,
  scatterRows: (node) => node.shape[0]!,
  pickLast: (node) => lastAxis(node.inputs[0]!),
  placeLast: (node) => lastAxis(node),
}

/** The checks that every executor owes to who calls `run`, with the same words for each. Allocates only when it is made. */
export class Binder {
  readonly inputs: readonly BoundSource[]
  readonly parameters: readonly BoundSource[]
  readonly #graph: string
  readonly #indexUses: readonly IndexUse[]

  constructor(graph: Graph, plan: Pick<MemoryPlan, 'steps' | 'sources' | 'origin'>) {
    const sourcesOf = (...ops: string[]): BoundSource[] => plan.sources.filter((node) => ops.includes(node.op)).map(unbound)
    this.#graph = graph.name
    this.inputs = sourcesOf('input', 'inputInt')
    this.parameters = sourcesOf('parameter')
    this.#indexUses = plan.steps.flatMap((node) => {
      const ids = node.inputs.find((input) => input.dtype === 'int32')
      if (!ids) return []
      const bound = indexBounds[node.op]
      if (!bound) throw new GraphError(`Graph "${graph.name}": ${nodeLabel(node)} reads by index, but its range is not known.`)
      const source = this.inputs.find((input) => input.node === plan.origin(ids))!
      return [{ node, source, bound: bound(node), checked: null }]
    })
  }

  /**
   * Fills the `values` of all sources.
   * @throws GraphError if an input or parameter is missing or has the wrong length or type, or an index is out of range
   */
  bind(bindings: Bindings): void {
    for (let index = 0; index < this.inputs.length; index++) this.#bindInput(this.inputs[index]!, bindings)
    for (let index = 0; index < this.parameters.length; index++) this.#bindParameter(this.parameters[index]!, bindings)
    for (let index = 0; index < this.#indexUses.length; index++) this.#checkIndices(this.#indexUses[index]!)
  }

  #bindInput(source: BoundSource, bindings: Bindings): void {
    const { name, node, size } = source
    const given = bindings.inputs?.[name]
    const values = given ?? bindings.tables?.[name]
    if (values === undefined)
      throw new GraphError(`Graph "${this.#graph}": no value was bound to the input "${name}" ${showShape(node.shape)}.`)
    const fits = node.dtype === 'int32' ? values instanceof Int32Array : values instanceof Float32Array
    if (!fits || values.length !== size) {
      throw new GraphError(
        `Graph "${this.#graph}": the input "${name}" ${showShape(node.shape)} wants ${size} ${node.dtype} values and was given ${values.length} in a ${values.constructor.name}.`,
      )
    }
    source.values = values
    source.isTable = given === undefined
  }

  #bindParameter(source: BoundSource, bindings: Bindings): void {
    const { name, node, size } = source
    const arenas = bindings.parameters
    let values: Float32Array | undefined
    for (let at = 0; arenas !== undefined && at < arenas.length && values === undefined; at++) {
      if (arenas[at]!.has(name)) values = arenas[at]!.view(name)
    }
    if (values === undefined)
      throw new GraphError(`Graph "${this.#graph}": no bound arena holds the parameter "${name}" ${showShape(node.shape)}.`)
    if (values.length !== size) {
      throw new GraphError(
        `Graph "${this.#graph}": the parameter "${name}" ${showShape(node.shape)} wants ${size} values and its arena has ${values.length}.`,
      )
    }
    source.values = values
  }

  #checkIndices(use: IndexUse): void {
    const { source, bound, node } = use
    const ids = source.values
    if (source.isTable && use.checked === ids) return
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index]!
      if (id >= 0 && id < bound) continue
      throw new GraphError(
        `Graph "${this.#graph}": ${nodeLabel(node)} was given the index ${id} at position ${index}; allowed are 0 to ${bound - 1}.`,
      )
    }
    use.checked = source.isTable ? ids : null
  }
}

function unbound(node: GraphNode): BoundSource {
  return { name: node.attributes.name!, node, size: sizeOf(node.shape), values: nothing, isTable: false }
}

/** What a run hands out, from arrays that stay the same. */
export class Results implements ProgramOutputs {
  readonly #graph: string
  readonly #outputs: ReadonlyMap<string, Float32Array>
  readonly #gradients: readonly { readonly name: string; readonly values: Float32Array }[]

  /** @param valueOf where the value of an output or gradient will be after each run */
  constructor(graph: Graph, valueOf: (node: GraphNode) => Float32Array) {
    this.#graph = graph.name
    this.#outputs = new Map([...graph.outputs].map(([name, node]) => [name, valueOf(node)]))
    this.#gradients = [...graph.gradients].map(([name, node]) => ({ name, values: valueOf(node) }))
  }

  view(name: string): Float32Array {
    const values = this.#outputs.get(name)
    if (!values)
      throw new GraphError(`Graph "${this.#graph}" has no output "${name}". It has ${[...this.#outputs.keys()].join(', ')}.`)
    return values
  }

  scalar(name: string): number {
    const values = this.view(name)
    if (values.length !== 1)
      throw new GraphError(`Graph "${this.#graph}": output "${name}" is no scalar; it has ${values.length} elements.`)
    return values[0]!
  }

  gradient(name: string): Float32Array {
    for (const gradient of this.#gradients) if (gradient.name === name) return gradient.values
    throw new GraphError(`Graph "${this.#graph}" has no gradient with respect to "${name}".`)
  }

  /** Copies each gradient into the arenas that have its name. */
  handOutGradients(bindings: Bindings): void {
    const arenas = bindings.gradients
    if (arenas === undefined) return
    for (let index = 0; index < this.#gradients.length; index++) {
      const { name, values } = this.#gradients[index]!
      for (let at = 0; at < arenas.length; at++) {
        if (!arenas[at]!.has(name)) continue
        const view = arenas[at]!.view(name)
        // An executor may have written it there at once.
        if (view !== values) view.set(values)
      }
    }
  }
}
