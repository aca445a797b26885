import { basename, dirname } from 'node:path'
import type { ImportSettings } from '../../contract/dto/import-settings.ts'
import { isPalateError, PalateError } from '../../contract/errors.ts'
import { readers } from '../../engine/data/readers/catalogue.gen.ts'
import type { FileTree } from '../../engine/data/reading/file-tree.ts'
import { textTrouble } from '../../engine/data/reading/text-trouble.ts'
import { LEAST_CONFIDENCE, unheeded, type Reader, type Recognition } from '../../engine/data/reading/reader.ts'

/** As in the contract. */
const MAX_NAME_LENGTH = 200

export interface Candidate {
  readonly reader: Reader
  readonly recognition: Recognition
}

/**
 * Asks every reader that heeds `settings`, or the one of `format` alone.
 *
 * @returns those that find anything, surest first; with a format, always that one
 * @throws PalateError FORMAT_UNKNOWN for a format that is not there, INPUT_INVALID for settings that it does not heed or a
 *         column that the source does not have
 */
export async function recogniseSource(source: FileTree, settings: ImportSettings, format?: string): Promise<Candidate[]> {
  if (format !== undefined) {
    const reader = readerById(format, source.display)
    refuseUnheeded(reader, settings)
    const recognition = await reader.recognise(source, settings)
    // Also a reader that recognises nothing must not read it in another way than the person said.
    return [{ reader, recognition: { ...recognition, settings: { ...settings, ...recognition.settings } } }]
  }
  const found: Candidate[] = []
  let misfit: PalateError | null = null
  for (const reader of readers) {
    if (unheeded(reader, settings).length > 0) continue
    try {
      const recognition = await reader.recognise(source, settings)
      if (recognition.confidence > 0) found.push({ reader, recognition })
    } catch (error) {
      // A reader that looks at another file of the folder misses the column there; the next one may find it.
      if (!isPalateError(error) || error.code !== 'INPUT_INVALID') throw error
      misfit ??= error
    }
  }
  if (misfit && !found.some(({ recognition }) => recognition.confidence >= LEAST_CONFIDENCE)) throw misfit
  return found.sort((a, b) => b.recognition.confidence - a.recognition.confidence)
}

/**
 * @returns the reader that is surest of `source`
 * @throws PalateError as recogniseSource, and FORMAT_UNKNOWN when none is sure enough
 */
export async function detectFormat(source: FileTree, settings: ImportSettings = {}, format?: string): Promise<Candidate> {
  const [best] = await recogniseSource(source, settings, format)
  if (best && best.recognition.confidence >= LEAST_CONFIDENCE) return best
  if (best && format !== undefined) {
    const trouble = best.recognition.confidence === 0 ? await troubleOf(source) : null
    if (trouble) throw trouble
    return best
  }
  throw await unreadable(source)
}

/** Why the one file that is meant cannot be read at all: that says more than a list of formats. */
async function troubleOf(source: FileTree): Promise<PalateError | null> {
  const file = source.chosen ?? (source.files.length === 1 ? source.files[0] : undefined)
  return file ? textTrouble(file) : null
}

/** What to say of a source that no reader is sure of. */
export async function unreadable(source: FileTree): Promise<PalateError> {
  return (await troubleOf(source)) ?? formatUnknown(source)
}

function formatUnknown(source: FileTree): PalateError {
  return new PalateError(
    'FORMAT_UNKNOWN',
    `No known format fits ${source.display}. Palate reads: ${readers.map((reader) => `${reader.title} (${reader.id})`).join(', ')}. Choose the folder, zip or ratings file of one of these, or name the format.`,
    { path: source.display, known: readers.map((reader) => reader.id) },
  )
}

/** @throws PalateError FORMAT_UNKNOWN */
function readerById(id: string, path: string): Reader {
  const reader = readers.find((candidate) => candidate.id === id)
  if (reader) return reader
  const known = readers.map((candidate) => candidate.id)
  throw new PalateError('FORMAT_UNKNOWN', `There is no format "${id}". Known formats: ${known.join(', ')}.`, { path, known })
}

function refuseUnheeded(reader: Reader, settings: ImportSettings): void {
  const names = unheeded(reader, settings)
  if (names.length === 0) return
  const message = `The format ${reader.id} fixes its ${names.join(', ')}. Leave that out, or choose the format delimited.`
  throw new PalateError('INPUT_INVALID', message, { issues: names.map((name) => ({ path: `settings.${name}`, message })) })
}

/**
 * @returns a name for the data set at `path`: that of the folder or file without the ending of an archive or a table, or
 *          that of the folder around it where the file is called as in every data set of its family
 */
export function suggestedName(path: string): string {
  const stem = basename(path)
    .replace(/\.gz$/i, '')
    .replace(/\.(zip|csv|tsv|dat|data|txt|json|jsonl|ndjson|inter)$/i, '')
  const name = /^(u|ratings(\..*)?)$/i.test(stem) ? basename(dirname(path)) : stem
  return name.slice(0, MAX_NAME_LENGTH) || 'Data set'
}
