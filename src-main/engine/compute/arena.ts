import type { Rng } from '../core/rng.ts'
import { plainMemory } from './plain/plain-memory.ts'
import { GraphError, showShape, sizeOf } from './types.ts'
import type { ArenaEntry, ExecutorMemory, InitialValues, ParameterArena, ParameterSpec, Shape } from './types.ts'

/**
 * An arena with a place for each of `specs`, in their order, all zeros until `initialise` or `copyFrom`.
 * @param specs usually a part of `graph.parameters`
 * @param memory of the executor that will read it: elsewhere it would be copied in each run. Clones lie in the same memory
 * @throws GraphError if a name occurs twice
 */
export function createArena(specs: readonly ParameterSpec[], memory: ExecutorMemory = plainMemory): ParameterArena {
  return new FlatArena(specs, memory)
}

class FlatArena implements ParameterArena {
  readonly values: Float32Array
  readonly entries: readonly ArenaEntry[]
  readonly #views = new Map<string, Float32Array>()
  readonly #memory: ExecutorMemory

  constructor(specs: readonly ParameterSpec[], memory: ExecutorMemory) {
    this.#memory = memory
    let offset = 0
    this.entries = specs.map((spec) => {
      const entry = { name: spec.name, shape: spec.shape, initial: spec.initial, offset, size: sizeOf(spec.shape) }
      offset += entry.size
      return entry
    })
    this.values = memory.floats(offset)
    for (const entry of this.entries) {
      if (this.#views.has(entry.name)) throw new GraphError(`An arena cannot hold two parameters named "${entry.name}".`)
      this.#views.set(entry.name, this.values.subarray(entry.offset, entry.offset + entry.size))
    }
  }

  has(name: string): boolean {
    return this.#views.has(name)
  }

  view(name: string): Float32Array {
    const view = this.#views.get(name)
    if (!view) throw new GraphError(`The arena holds no parameter "${name}". It holds ${[...this.#views.keys()].join(', ')}.`)
    return view
  }

  clone(prefix = ''): ParameterArena {
    const copy = new FlatArena(
      this.entries.map((entry) => ({ ...entry, name: prefix + entry.name })),
      this.#memory,
    )
    copy.values.set(this.values)
    return copy
  }

  zerosLike(): ParameterArena {
    return new FlatArena(this.entries, this.#memory)
  }

  copyFrom(source: ParameterArena): void {
    requireSameLayout(this, source)
    this.values.set(source.values)
  }

  initialise(rng: Rng): void {
    for (const entry of this.entries) drawInitial(this.view(entry.name), entry.shape, entry.initial, rng)
  }
}

/** @throws GraphError if the shapes of the entries differ, in number or in order; names may differ */
export function requireSameLayout(target: ParameterArena, source: ParameterArena): void {
  const layout = (arena: ParameterArena): string => arena.entries.map((entry) => showShape(entry.shape)).join(' ')
  if (target.values.length === source.values.length && layout(target) === layout(source)) return
  throw new GraphError(`Two arenas of different layouts cannot be combined: ${layout(target)} and ${layout(source)}.`)
}

/** Consumes two draws for each uniform value, about four for each pair of normal ones, none for constants. */
function drawInitial(values: Float32Array, shape: Shape, initial: InitialValues, rng: Rng): void {
  switch (initial.kind) {
    case 'zeros':
      values.fill(0)
      return
    case 'constant':
      values.fill(initial.value)
      return
    case 'uniform':
      return fillUniform(values, initial.limit, rng)
    case 'normal':
      return fillNormal(values, initial.deviation, rng)
    case 'xavier-uniform': {
      const { fanIn, fanOut } = fans(shape)
      return fillUniform(values, Math.sqrt(6 / (fanIn + fanOut)) * (initial.scale ?? 1), rng)
    }
    case 'he-normal':
      return fillNormal(values, Math.sqrt(2 / fans(shape).fanIn) * (initial.scale ?? 1), rng)
  }
}

/** Weights are [in, out]; a vector counts as [in, 1]. */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  const fanOut = shape.length > 1 ? shape[shape.length - 1]! : 1
  return { fanIn: sizeOf(shape) / fanOut, fanOut }
}

function fillUniform(values: Float32Array, limit: number, rng: Rng): void {
  for (let index = 0; index < values.length; index++) values[index] = (2 * rng.uniform() - 1) * limit
}

function fillNormal(values: Float32Array, deviation: number, rng: Rng): void {
  for (let index = 0; index < values.length; index++) values[index] = rng.normal() * deviation
}
