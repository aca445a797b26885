import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { datasetExportFormat, exportedText } from '../dto/dataset-export.ts'
import { datasetDetail, datasetSummary, importProgress, itemRow, ratingScale } from '../dto/dataset.ts'
import {
  datasetActivity,
  datasetSparsity,
  embeddingMap,
  embeddingSummary,
  genreMean,
  userRow,
  userTimeline,
} from '../dto/dataset-figures.ts'
import { downloadProgress, downloadSource } from '../dto/download.ts'
import { importSettings } from '../dto/import-settings.ts'
import { inspection } from '../dto/inspection.ts'
import { procedure } from './base.ts'

const datasetRef = z.union([z.int(), z.string()]).describe('Number or name of a data set.')

export const datasetsApi = {
  list: procedure.output(z.array(datasetSummary)),
  get: procedure.input(z.object({ dataset: datasetRef })).output(datasetDetail),
  /** Which reader would take this path, and how sure it is (0..1). */
  detect: procedure
    .input(z.object({ path: z.string().min(1).max(4096) }))
    .output(z.object({ format: z.string(), title: z.string(), confidence: z.number(), suggestedName: z.string() })),
  /** How this path would be read: format, dialect, columns, 50 rows, histogram of a sample, proposed scale. Stores nothing. */
  inspect: procedure
    .input(z.object({ path: z.string().min(1).max(4096), format: z.string().optional(), settings: importSettings.optional() }))
    .output(inspection),
  formats: procedure.output(z.array(z.object({ id: z.string(), title: z.string(), doc: z.string() }))),
  /** Reads a file, folder or zip. Nothing is visible until it is complete; ending the subscription cancels it. */
  import: procedure
    .input(
      z.object({
        path: z.string().min(1).max(4096),
        name: z.string().trim().min(1).max(200).optional(),
        format: z.string().optional(),
        onBadRow: z.enum(['fail', 'skip']).default('fail'),
        /** What shall not be detected. */
        settings: importSettings.optional(),
      }),
    )
    .output(eventIterator(importProgress)),
  /** What can be fetched from its home, and under which terms. Asks no network. */
  downloadable: procedure.output(z.array(downloadSource)),
  /**
   * Fetches a source of `downloadable`, verifies it and imports it. Ending the subscription cancels it; what has arrived of the
   * file is kept, and the next download goes on from there.
   */
  download: procedure
    .input(
      z.object({
        source: z.string().min(1).max(100),
        name: z.string().trim().min(1).max(200).optional(),
        /** The person has read the terms and accepts them; without that nothing is fetched. */
        accepted: z.literal(true, 'The licence must be accepted: read it first, then send accepted: true.'),
      }),
    )
    .output(eventIterator(downloadProgress)),
  /** Makes the sample lab; returns the present one if a data set of that name and seed stands already. */
  createSampleLab: procedure
    .input(
      z.object({
        seed: z
          .int()
          .min(0)
          .max(2 ** 31 - 1)
          .default(1),
        name: z.string().trim().min(1).max(200).default('Sample lab'),
      }),
    )
    .output(datasetSummary),
  items: procedure
    .input(
      z.object({
        dataset: datasetRef,
        search: z.string().max(200).default(''),
        /** Only items of this genre; every genre when it is left out. */
        genre: z.string().max(200).optional(),
        sort: z.enum(['ratings', 'title', 'year', 'meanRating']).default('ratings'),
        /** Left out: titles from A, everything else from the top. */
        direction: z.enum(['asc', 'desc']).optional(),
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(500).default(50),
      }),
    )
    .output(z.object({ total: z.int(), rows: z.array(itemRow) })),
  rename: procedure.input(z.object({ dataset: datasetRef, name: z.string().trim().min(1).max(200) })).output(datasetSummary),
  setScale: procedure.input(z.object({ dataset: datasetRef, scale: ratingScale })).output(datasetSummary),
  /** Everything of it, file by file; imported again, these files are the same data set. */
  export: procedure.input(z.object({ dataset: datasetRef, format: datasetExportFormat })).output(eventIterator(exportedText)),
  /** The rejected rows that its report lists, as CSV text: file, line, byte offset, reason, raw text. */
  exportRejects: procedure.input(z.object({ dataset: datasetRef })).output(eventIterator(z.string())),
  activity: procedure.input(z.object({ dataset: datasetRef })).output(datasetActivity),
  genres: procedure.input(z.object({ dataset: datasetRef })).output(z.array(genreMean)),
  sparsity: procedure.input(z.object({ dataset: datasetRef })).output(datasetSparsity),
  users: procedure
    .input(
      z.object({
        dataset: datasetRef,
        /** Part of a user id, case ignored. */
        search: z.string().max(200).default(''),
        sort: z.enum(['ratings', 'meanRating']).default('ratings'),
        direction: z.enum(['asc', 'desc']).default('desc'),
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(500).default(50),
      }),
    )
    .output(z.object({ total: z.int(), rows: z.array(userRow) })),
  /** Everything that one user rated. */
  timeline: procedure.input(z.object({ dataset: datasetRef, userIndex: z.int().min(0) })).output(userTimeline),
  embeddings: procedure.input(z.object({ dataset: datasetRef })).output(z.array(embeddingSummary)),
  /** null when there is no such embedding, or its bytes are damaged. */
  embeddingMap: procedure.input(z.object({ dataset: datasetRef, key: z.string().max(200) })).output(embeddingMap.nullable()),
  notes: procedure.input(z.object({ dataset: datasetRef })).output(z.object({ notes: z.string() })),
  setNotes: procedure
    .input(z.object({ dataset: datasetRef, notes: z.string().max(20_000) }))
    .output(z.object({ notes: z.string() })),
  /**
   * Refused while runs refer to it. With `undoable` it is hidden at once and gone for good some time later: until then
   * `restore` brings it back. A hidden data set's name is free.
   */
  remove: procedure
    .input(z.object({ dataset: datasetRef, undoable: z.boolean().optional() }))
    .output(z.object({ removed: z.boolean(), undoMs: z.int().optional() })),
  /** Takes back an undoable removal. By number: its name may belong to another data set by now. */
  restore: procedure.input(z.object({ dataset: z.int() })).output(datasetSummary),
}
