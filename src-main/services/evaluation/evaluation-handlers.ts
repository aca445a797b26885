import type { Handlers } from '../handlers.ts'
import type { EngineCatalogue } from '../models.ts'
import type { Workspace } from '../workspace.ts'
import { formatSplit, parseSplit } from '../../contract/dto/split.ts'
import { onceEach } from '../datasets/once.ts'
import { reportSplit } from './check-split.ts'
import { compareRuns, loadRuns, refuseOtherDatasets } from './compare-runs.ts'
import { differencesOf, usersOfDifference } from './user-differences.ts'

/** A page asks again for what it has shown. */
const KEPT_REPORTS = 20

export function createEvaluationHandlers(workspace: Workspace, catalogue: EngineCatalogue): Handlers['evaluation'] {
  // Ratings never change, and numbers of data sets are never used twice.
  const reports = onceEach(KEPT_REPORTS, (key: string) => {
    const [id, split] = JSON.parse(key) as [number, string]
    return reportSplit(workspace, id, split, 0)
  })
  return {
    async checkSplit({ dataset, split, seed }) {
      const { id } = await workspace.repositories.datasets.get(dataset)
      const report = await reports(JSON.stringify([id, formatSplit(parseSplit(split, seed))]))
      const first = await workspace.repositories.splits.hash(id, report.split)
      return { ...report, reproduced: first === null ? null : first === report.hash }
    },
    compare: (wanted, { signal }) => compareRuns(workspace, catalogue, wanted, signal),
    differences: (wanted) => differencesOf(workspace, catalogue, wanted),
    differentUsers: (wanted) => usersOfDifference(workspace, catalogue, wanted),
    async recommendedUsers({ runIds, protocol, ...page }) {
      const runs = await loadRuns(workspace, runIds)
      refuseOtherDatasets(runs)
      return workspace.repositories.recommendations.users(
        runs.map((run) => run.id),
        protocol,
        page,
      )
    },
    async recommendations({ runId, protocol, userIndex, ...page }) {
      await loadRuns(workspace, [runId])
      return workspace.repositories.recommendations.list(runId, protocol, userIndex, page)
    },
  }
}
