import type { ImportSettings } from '../../src-main/contract/dto/import-settings.ts'
import { readDataset } from '../../src-main/engine/data/reading/read-dataset.ts'
import type { DatasetContent } from '../../src-main/engine/data/reading/dataset-content.ts'
import type { Reader } from '../../src-main/engine/data/reading/reader.ts'
import { memoryTree } from './memory-tree.ts'

/** A rating as text, "user item rating time", with ids as they stand in the source. */
export function ratingsOf(content: DatasetContent): string[] {
  return Array.from(content.rating, (rating, row) => {
    const user = content.users[content.userIndex[row]!]!.userId
    const item = content.items[content.itemIndex[row]!]!.itemId
    return `${user} ${item} ${rating} ${content.time[row]!}`
  })
}

/** Recognises and reads files in memory as an import does; `chunkSize` 7 cuts lines and characters in two. */
export async function importFrom(
  reader: Reader,
  files: Record<string, string | Uint8Array>,
  settings: ImportSettings = {},
  onBadRow: 'fail' | 'skip' = 'fail',
  chunkSize = 7,
): Promise<DatasetContent> {
  const tree = memoryTree(files, chunkSize)
  const recognition = await reader.recognise(tree, settings)
  return readDataset(reader, tree, { settings: recognition.settings, onBadRow })
}
