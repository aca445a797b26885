import type { ImportSettings } from '../../contract/dto/import-settings.ts'
import type { Inspection } from '../../contract/dto/inspection.ts'
import { previewDataset } from '../../engine/data/reading/read-dataset.ts'
import { ratingHistogram } from '../../engine/data/statistics/rating-histogram.ts'
import { COMMON_SETTINGS, LEAST_CONFIDENCE } from '../../engine/data/reading/reader.ts'
import { recogniseSource, suggestedName, unreadable, type Candidate } from './detect-format.ts'
import { openSource } from './open-source.ts'

const PREVIEW_ROWS = 50
const SHOWN_REJECTS = 50
const SHOWN_FILES = 200

export interface InspectRequest {
  readonly path: string
  readonly format?: string | undefined
  readonly settings?: ImportSettings | undefined
}

/**
 * Looks at a source without storing anything. Also what no reader is sure enough of for an import is shown, with a warning.
 *
 * @throws PalateError PATH_NOT_FOUND, INPUT_REFUSED, FORMAT_UNKNOWN when no reader finds anything, INPUT_INVALID for settings
 *         that do not fit
 */
export async function inspectSource({ path, format, settings: given = {} }: InspectRequest): Promise<Inspection> {
  const source = await openSource(path)
  try {
    const [best, ...others] = await recogniseSource(source, given, format)
    if (!best) throw await unreadable(source)
    const { reader, recognition } = best
    const preview = await previewDataset(reader, source, recognition.settings, PREVIEW_ROWS)
    const unsure = recognition.confidence < LEAST_CONFIDENCE
    return {
      ...named(best),
      source: source.display,
      suggestedName: suggestedName(source.display),
      alternatives: others.map(named),
      files: source.files.slice(0, SHOWN_FILES).map((file) => ({ path: file.path, bytes: file.bytes })),
      settings: recognition.settings,
      overridable: [...COMMON_SETTINGS, ...reader.overridable],
      columns: recognition.columns.map((column) => ({ ...column, samples: [...column.samples] })),
      rows: [...preview.rows],
      sampleRows: preview.ratings.length,
      ratingHistogram: ratingHistogram(preview.ratings),
      scale: preview.scale,
      timeKind: preview.timeKind,
      behaviours: [...(recognition.behaviours ?? [])],
      rejectedRows: preview.rejectedRows.slice(0, SHOWN_REJECTS),
      warnings: [
        ...(unsure ? ['Palate is not sure of this format: look at the rows, and name the format or the columns.'] : []),
        ...recognition.warnings,
        ...(preview.trouble === null ? [] : [preview.trouble]),
      ],
    }
  } finally {
    await source.close()
  }
}

function named({ reader, recognition }: Candidate): { format: string; title: string; confidence: number } {
  return { format: reader.id, title: reader.title, confidence: Math.min(1, recognition.confidence) }
}
