import { PalateError } from '../../contract/errors.ts'
import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { ExecutorMemory, GraphNode, InputValues, ParameterArena } from '../compute/types.ts'
import type { DataSizes, FieldSizes } from '../core/sketch.ts'
import type { InteractionTable } from '../data/interaction-table.ts'

interface Field extends FieldSizes {
  readonly start: Int32Array
  readonly ids: Int32Array
}

/** What a network sees of a batch. */
export interface FieldNodes {
  /** [B, F, k]: a vector for each field; of several values (genres) their mean. */
  readonly vectors: GraphNode
  /** [B]: the sum over fields of one weight for each. */
  readonly linear: GraphNode
  readonly fields: number
}

/** The fields of a data set: user, item, and every side feature of either. */
export class RatingFields {
  readonly fields: readonly Field[]

  /**
   * @param model as messages call it
   * @throws PalateError DATA_UNSUITABLE without any side feature
   */
  constructor(train: InteractionTable, model: string) {
    const { userCount, itemCount, features } = train
    const sides = [
      ...(features?.users ?? []).map((field) => ({ ...field, of: 'user' as const })),
      ...(features?.items ?? []).map((field) => ({ ...field, of: 'item' as const })),
    ]
    if (sides.length === 0) {
      throw new PalateError(
        'DATA_UNSUITABLE',
        `${model} learns how attributes of users and items interact, and this data set has none: no gender, age, occupation or genres. ` +
          'Choose a data set with attributes, or train biased-mf or svd++, which need ratings only.',
        { reason: 'no side features' },
      )
    }
    this.fields = [
      identityField('user', userCount),
      identityField('item', itemCount),
      ...sides.map(({ name, of, values, start, ids }) => ({
        // With its side in front: users and items may have an attribute of the same name.
        name: `${of}.${name}`,
        of,
        rows: values.length + 1,
        width: widest(start),
        start,
        ids,
      })),
    ]
  }

  /** The inputs of a batch that `draw` declares. */
  inputs(batch: number, memory: ExecutorMemory): Record<string, InputValues> {
    const inputs: Record<string, InputValues> = {}
    for (const { name, width } of this.fields) {
      inputs[`ids.${name}`] = memory.ints(batch * width)
      if (width > 1) inputs[`shares.${name}`] = memory.floats(batch * width)
    }
    return inputs
  }

  /** Writes the example (user, item) into place `at` of the batch. */
  fill(inputs: Readonly<Record<string, InputValues>>, at: number, user: number, item: number): void {
    for (let f = 0; f < this.fields.length; f++) {
      const { name, of, rows, width, start, ids } = this.fields[f]!
      const entity = of === 'user' ? user : item
      const from = start[entity]!
      const count = start[entity + 1]! - from
      const places = inputs[`ids.${name}`]!
      const shares = width > 1 ? inputs[`shares.${name}`]! : null
      for (let i = 0; i < width; i++) {
        places[at * width + i] = i < count ? ids[from + i]! : rows - 1
        if (shares) shares[at * width + i] = i < count ? 1 / count : i === 0 && count === 0 ? 1 : 0
      }
    }
  }

  /** Values that no example of `learn` has get zeros, so that they add nothing where nothing was learnt of them. */
  clearUnseen(learn: InteractionTable, arenas: readonly ParameterArena[]): void {
    for (const { name, of, rows, start, ids } of this.fields) {
      const seen = new Uint8Array(rows)
      const entities = of === 'user' ? learn.userIndex : learn.itemIndex
      for (let row = 0; row < learn.size; row++) {
        const entity = entities[row]!
        for (let i = start[entity]!; i < start[entity + 1]!; i++) seen[ids[i]!] = 1
        if (start[entity] === start[entity + 1]) seen[rows - 1] = 1
      }
      const factors = arenas.find((arena) => arena.has(`factors.${name}`))?.view(`factors.${name}`)
      if (!factors) continue
      const size = factors.length / rows
      for (let id = 0; id < rows; id++) if (seen[id] === 0) factors.fill(0, id * size, (id + 1) * size)
    }
  }
}

/** The fields of data of these sizes: as `RatingFields` finds them, without any values. */
export function fieldsOfSizes({ users, items, attributes }: DataSizes): FieldSizes[] {
  return [
    { name: 'user', of: 'user', rows: users + 1, width: 1 },
    { name: 'item', of: 'item', rows: items + 1, width: 1 },
    ...attributes,
  ]
}

/** Draws what a network sees; parameters "weights.NAME" and "factors.NAME", inputs "ids.NAME" and, where several, "shares.NAME". */
export function drawFields(
  g: GraphBuilder,
  fields: readonly FieldSizes[],
  batch: number,
  size: number,
  deviation: number,
): FieldNodes {
  const vectors: GraphNode[] = []
  const weights: GraphNode[] = []
  for (const { name, rows, width } of fields) {
    const ids = g.inputInt(`ids.${name}`, width === 1 ? [batch] : [batch, width])
    const shares = width === 1 ? null : g.input(`shares.${name}`, [batch, width])
    const read = (block: string, table: () => GraphNode) =>
      g.scope(block, () => {
        const found = g.gather(table(), ids)
        return shares ? g.weightedSum(shares, found) : found
      })
    vectors.push(read('vectors', () => g.parameter(`factors.${name}`, [rows, size], { kind: 'normal', deviation })))
    weights.push(read('linear', () => g.parameter(`weights.${name}`, [rows, 1], { kind: 'zeros' })))
  }
  return {
    vectors: g.scope('vectors', () => g.reshape(g.concat(vectors), [batch, fields.length, size])),
    linear: g.scope('linear', () => g.sumLast(g.concat(weights))),
    fields: fields.length,
  }
}

function identityField(of: 'user' | 'item', count: number): Field {
  const ids = Int32Array.from({ length: count }, (_, entity) => entity)
  return { name: of, of, rows: count + 1, width: 1, start: Int32Array.from({ length: count + 1 }, (_, e) => e), ids }
}

function widest(start: Int32Array): number {
  let most = 1
  for (let e = 0; e + 1 < start.length; e++) most = Math.max(most, start[e + 1]! - start[e]!)
  return most
}
