import type { RunDetail } from '../../src-main/contract/dto/run.ts'
import type { SeedGroup } from './curve-view.ts'

type Made = Pick<RunDetail, 'id' | 'modelId' | 'modelVersion' | 'preset' | 'params' | 'datasetId'>

/** By run: which runs differ in their seed or split only. Groups that would bear the same name bear the numbers of their runs. */
export function seedGroups(details: readonly Made[]): Map<number, SeedGroup> {
  const byKey = Map.groupBy(details, ({ modelId, modelVersion, preset, params, datasetId }) =>
    JSON.stringify([datasetId, modelId, modelVersion, preset, Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))]),
  )
  const plain = [...byKey.values()].map(([run]) => `${run!.modelId} (${run!.preset})`)
  return new Map(
    [...byKey].flatMap(([key, runs], at) => {
      const shared = plain.filter((label) => label === plain[at]).length > 1
      const label = shared ? `${plain[at]} ${runs.map((run) => `#${run.id}`).join(', ')}` : plain[at]!
      return runs.map((run): [number, SeedGroup] => [run.id, { key, label }])
    }),
  )
}
