import type { Handlers } from '../handlers.ts'
import type { EngineCatalogue } from '../models.ts'
import type { Workspace } from '../workspace.ts'
import { checkSplitOf } from './check-split.ts'
import { compareRuns } from './compare-runs.ts'

export function createEvaluationHandlers(workspace: Workspace, catalogue: EngineCatalogue): Handlers['evaluation'] {
  return {
    async checkSplit({ dataset, split, seed }) {
      const { id } = await workspace.repositories.datasets.get(dataset)
      return checkSplitOf(workspace, id, split, seed)
    },
    compare: (wanted, { signal }) => compareRuns(workspace, catalogue, wanted, signal),
  }
}
