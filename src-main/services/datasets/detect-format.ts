import { basename, dirname } from 'node:path'
import { PalateError } from '../../contract/errors.ts'
import { readers } from '../../engine/data/readers/catalogue.gen.ts'
import type { FileTree } from '../../engine/data/reading/file-tree.ts'
import { LEAST_CONFIDENCE, type Reader } from '../../engine/data/reading/reader.ts'

/** As in the contract. */
const MAX_NAME_LENGTH = 200

/**
 * @returns the reader that is surest of `source`
 * @throws PalateError FORMAT_UNKNOWN when none is sure enough
 */
export async function detectFormat(source: FileTree): Promise<{ reader: Reader; confidence: number }> {
  let best: { reader: Reader; confidence: number } | null = null
  for (const reader of readers) {
    const confidence = await reader.detect(source)
    if (confidence >= LEAST_CONFIDENCE && confidence > (best?.confidence ?? 0))
      best = { reader, confidence: Math.min(1, confidence) }
  }
  if (best) return best
  throw new PalateError(
    'FORMAT_UNKNOWN',
    `No known format fits ${source.display}. Palate reads: ${readers.map((reader) => `${reader.title} (${reader.id})`).join(', ')}. Choose the folder, zip or ratings file of one of these, or name the format with --format.`,
    { path: source.display, known: readers.map((reader) => reader.id) },
  )
}

/** @throws PalateError FORMAT_UNKNOWN */
export function readerById(id: string, path: string): Reader {
  const reader = readers.find((candidate) => candidate.id === id)
  if (reader) return reader
  const known = readers.map((candidate) => candidate.id)
  throw new PalateError('FORMAT_UNKNOWN', `There is no format "${id}". Known formats: ${known.join(', ')}.`, { path, known })
}

/**
 * @returns a name for the data set at `path`: that of the folder or file without the ending of an archive or a table, or
 *          that of the folder around it where the file is called as in every data set of its family
 */
export function suggestedName(path: string): string {
  const stem = basename(path).replace(/\.(zip|csv|tsv|dat|data|txt)$/i, '')
  const name = /^(u|ratings(\..*)?)$/i.test(stem) ? basename(dirname(path)) : stem
  return name.slice(0, MAX_NAME_LENGTH) || 'Data set'
}
