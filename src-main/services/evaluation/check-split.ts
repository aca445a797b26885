import type { SplitReport } from '../../contract/dto/split.ts'
import { parseSplit } from '../../contract/dto/split.ts'
import { checkSplit } from '../../engine/data/splits/check-split.ts'
import { makeSplit } from '../../engine/data/splits/make-split.ts'
import type { Workspace } from '../workspace.ts'

/**
 * Makes the split as a run would and looks for leaks, with users by their ids and items by their titles.
 *
 * @param seed of a random split whose text names none
 * @throws PalateError DATA_UNSUITABLE when the data cannot be split so; a leak is a finding of the report
 */
export async function reportSplit(workspace: Workspace, datasetId: number, text: string, seed: number): Promise<SplitReport> {
  const spec = parseSplit(text, seed)
  const { items } = workspace.repositories
  const [table, labels, userIds] = await Promise.all([
    workspace.loadInteractions(datasetId),
    items.labels(datasetId),
    items.userIds(datasetId),
  ])
  const names = (row: number) => {
    const { itemId, title } = labels[table.itemIndex[row]!]!
    return `user ${userIds[table.userIndex[row]!]!}, ${title ?? `item ${itemId}`}`
  }
  return checkSplit(table, makeSplit(table, spec), spec.kind, names)
}
