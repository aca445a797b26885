import type { ArchitectureBlock } from '../../../contract/dto/architecture.ts'
import { sizeOf } from '../../compute/types.ts'
import type { PolicyRecipe, ScorerRecipe } from '../../core/model.ts'
import type { DataSizes, SketchedTable } from '../../core/sketch.ts'
import { blocksOf } from './graph-blocks.ts'
import { buffersOf, type ArchitectureParts } from './replay-architecture.ts'

/** A model that is fitted pass by pass: its network, or the tables that it learns. @throws GraphError */
export function sketchArchitecture(recipe: ScorerRecipe | PolicyRecipe, sizes: DataSizes): ArchitectureParts {
  const { tables, network } = recipe.sketch?.(sizes) ?? { tables: [] }
  const counted = tables.map((table) => ({ title: table.title, shape: [...table.shape], count: sizeOf(table.shape) }))
  const inTables = counted.reduce((sum, { count }) => sum + count, 0)
  const plain = { tables: counted, width: null }
  if (!network) {
    return {
      ...plain,
      network: false,
      blocks: tables.map(tableBlock),
      edges: [],
      parameters: inTables,
      flopsPerUpdate: null,
      flopsPerAct: null,
      updates: recipe.epochs,
      batchSize: null,
      // Fits count in double precision.
      memory: [{ part: 'Tables', bytes: 8 * inTables }],
    }
  }
  const { update, batchSize, updatesPerPass, copies } = network
  const parameters = update.parameterCount
  return {
    ...plain,
    network: true,
    ...blocksOf((batch) => network.draw(batch)),
    parameters,
    flopsPerUpdate: update.flops,
    flopsPerAct: network.draw(1).flops,
    updates: recipe.epochs * updatesPerPass,
    batchSize,
    memory: [
      { part: 'Weights, gradients and optimiser', bytes: 4 * copies * parameters },
      { part: 'Values within an update', bytes: buffersOf([update]) },
    ],
  }
}

function tableBlock({ title, shape }: SketchedTable, index: number): ArchitectureBlock {
  return {
    id: `table.${index}`,
    title,
    kind: 'table',
    flow: 'none',
    shape: shape.map(String),
    parameters: sizeOf(shape),
    flops: 0,
    layers: [],
  }
}
