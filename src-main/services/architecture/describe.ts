import type { Architecture, TrainingEstimate } from '../../contract/dto/architecture.ts'
import type { FeatureField } from '../../engine/data/side-features.ts'
import type { DataSizes, FieldSizes } from '../../engine/core/sketch.ts'
import { describeArchitecture, usualSizes } from '../../engine/training/describe/describe-architecture.ts'
import { findModel as findEngineModel } from '../../engine/training/find-model.ts'
import type { ComputeService } from '../compute/compute-service.ts'
import type { Handlers } from '../handlers.ts'
import { findModel, type EngineCatalogue } from '../models.ts'
import { completeParams, findPreset } from '../runs/plan-runs.ts'
import type { Workspace } from '../workspace.ts'

export type DescribeInput = Parameters<Handlers['models']['describe']>[0]
type Sizes = DataSizes & { readonly source: string }

/**
 * @param sizes of the data set that is meant; by default those of a well-known one
 * @throws PalateError MODEL_NOT_FOUND, PRESET_NOT_FOUND, PARAMS_INVALID
 */
export function describe(catalogue: EngineCatalogue, input: DescribeInput, sizes: Sizes = usualSizes): Architecture {
  const model = findModel(catalogue, input.model)
  const preset = findPreset(model, input.preset ?? model.defaultPreset)
  const params = completeParams(model, preset.values, { params: input.params, updates: undefined })
  return describeArchitecture(findEngineModel(model.id), params, sizes)
}

/** @throws PalateError DATASET_NOT_FOUND */
export async function sizesOf(workspace: Workspace, catalogue: EngineCatalogue, input: DescribeInput): Promise<Sizes> {
  if (input.dataset === undefined) return usualSizes
  const { id, name, users, items, ratings } = await workspace.repositories.datasets.get(input.dataset)
  const sizes = { users, items, ratings, source: name }
  if (!findModel(catalogue, input.model).needs.includes('side-features')) return { ...sizes, attributes: [] }
  const { features } = await workspace.loadInteractions(id)
  const of = (side: 'user' | 'item', fields: readonly FeatureField[] = []) => fields.map((field) => fieldSizes(side, field))
  return { ...sizes, attributes: [...of('user', features?.users), ...of('item', features?.items)] }
}

function fieldSizes(of: 'user' | 'item', { name, values, start }: FeatureField): FieldSizes {
  let width = 1
  for (let entity = 0; entity + 1 < start.length; entity++) width = Math.max(width, start[entity + 1]! - start[entity]!)
  return { name: `${of}.${name}`, of, rows: values.length + 1, width }
}

/** What training is expected to take: operations by the speed that this machine was measured at. */
export async function estimateTraining(described: Architecture, compute: ComputeService): Promise<TrainingEstimate> {
  const memoryBytes = described.memory.reduce((sum, { bytes }) => sum + bytes, 0)
  const unknown = { ms: null, memoryBytes, flopsPerSecond: null, device: '' }
  const { flopsPerUpdate, updates, batchSize, width } = described
  if (flopsPerUpdate === null)
    return { ...unknown, basis: 'There is no network whose operations could be counted. Most such models are fitted in seconds.' }
  const speed = await compute.speed({ width: Math.min(width ?? 32, 1024), batch: Math.min(batchSize ?? 64, 65_536) })
  if (!speed)
    return { ...unknown, basis: 'The speed of this machine could not be measured: look at the self-test in the settings.' }
  const { flopsPerSecond, device } = speed
  return {
    ms: (1000 * updates * flopsPerUpdate) / flopsPerSecond,
    memoryBytes,
    flopsPerSecond,
    device,
    basis:
      `${updates.toLocaleString('en')} updates of ${megaflops(flopsPerUpdate)} at ${gigaflops(flopsPerSecond)}, measured on ${device} ` +
      `with training steps of width ${speed.width} and batch ${speed.batch}. ` +
      'Fitting vectors, acting between updates and checks on held-out users come on top.',
  }
}

const megaflops = (flops: number) => `${(flops / 1e6).toPrecision(3)} MFLOP`
const gigaflops = (rate: number) => `${(rate / 1e9).toPrecision(3)} GFLOP/s`
