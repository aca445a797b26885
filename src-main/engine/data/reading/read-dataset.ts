import type { ImportSettings, PreviewRow } from '../../../contract/dto/import-settings.ts'
import type { RatingScale, RejectedRow, TimeKind } from '../../../contract/dto/dataset.ts'
import { isPalateError } from '../../../contract/errors.ts'
import { isNegative, isPositive } from '../interaction-table.ts'
import { DatasetBuilder, DEFAULT_POLICY, timeKindOf, type BuilderPolicy } from './dataset-builder.ts'
import type { FileTree } from './file-tree.ts'
import { proposeScale } from './rating-scales.ts'
import type { DatasetContent } from './dataset-content.ts'
import type { Reader, ReadOptions } from './reader.ts'

/** Of each file, for a preview. */
const SAMPLE_BYTES = 512 * 1024

/**
 * Reads a source completely.
 *
 * @throws PalateError of `Reader.read` and of `DatasetBuilder.finish`
 */
export async function readDataset(
  reader: Reader,
  source: FileTree,
  options: ReadOptions & { onBadRow: 'fail' | 'skip' },
): Promise<DatasetContent> {
  const sink = new DatasetBuilder(policyOf(options.settings, options.onBadRow))
  return sink.finish(await reader.read(source, options, sink))
}

function policyOf(settings: ImportSettings, onBadRow: 'fail' | 'skip'): BuilderPolicy {
  return {
    onBadRow,
    maxRejectRate: settings.maxRejectRate ?? DEFAULT_POLICY.maxRejectRate,
    duplicates: settings.duplicates ?? DEFAULT_POLICY.duplicates,
    scale: settings.scale ?? null,
  }
}

/** The beginning of a source as it will be read. */
export interface Preview {
  readonly rows: readonly PreviewRow[]
  /** All ratings of the sample. */
  readonly ratings: Float32Array
  readonly scale: RatingScale
  readonly timeKind: TimeKind
  readonly rejectedRows: readonly RejectedRow[]
  /** Why the sample ends early, or null. */
  readonly trouble: string | null
}

/** Reads the first 512 KiB of each file in the way of an import and shows the first `count` rows of them. */
export async function previewDataset(
  reader: Reader,
  source: FileTree,
  settings: ImportSettings,
  count: number,
): Promise<Preview> {
  const sink = new DatasetBuilder({ ...policyOf(settings, 'skip'), maxRejectRate: 1 })
  let trouble: string | null = null
  let meaning: Awaited<ReturnType<Reader['read']>> = { path: source.display }
  try {
    meaning = await reader.read(source, { settings, sampleBytes: SAMPLE_BYTES }, sink)
  } catch (error) {
    // What stops the import is shown beside the rows that came before it.
    if (!isPalateError(error) || error.code === 'CANCELLED') throw error
    trouble = error.message
  }
  const { userIndex, itemIndex, rating, time } = sink.columns()
  const scale = settings.scale ?? meaning.scale ?? proposeScale(rating)
  const rows = Array.from({ length: Math.min(count, rating.length) }, (_, at): PreviewRow => {
    const item = sink.itemAt(itemIndex[at]!)
    // As it stands in the file, not as a 32-bit float writes it.
    const value = Number(rating[at]!.toPrecision(7))
    const cells = sink.cellsAt(at)
    return {
      line: sink.lineAt(at),
      userId: sink.userAt(userIndex[at]!).userId,
      itemId: item.itemId,
      title: item.title,
      rating: value,
      time: time[at]!,
      feedback: isPositive(value, scale) ? 'positive' : isNegative(value, scale) ? 'negative' : 'neutral',
      ...(cells ? { cells: [...cells] } : {}),
    }
  })
  return {
    rows,
    ratings: rating,
    scale,
    timeKind: meaning.timeKind ?? timeKindOf(time),
    rejectedRows: sink.rejectedRows,
    trouble,
  }
}
