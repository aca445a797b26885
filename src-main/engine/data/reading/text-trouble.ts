import { isPalateError, PalateError } from '../../../contract/errors.ts'
import { detectEncoding } from './decoding.ts'
import { readHead, type SourceFile } from './file-tree.ts'
import { readRecords } from './read-records.ts'

/** Of zip and gzip: those that can be opened never come here as they are. */
const ARCHIVES = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x1f, 0x8b],
]
const SAMPLE_BYTES = 64 * 1024
/** Of the dialects that a table may have, those in which a line can be too wide. */
const SEPARATORS = [null, ',', ';', '\t']

/**
 * Why a file that no reader understands cannot be a table, where its bytes tell: it is empty, binary, damaged, or a line is
 * longer or wider than any table's.
 *
 * @returns FILE_EMPTY or INPUT_REFUSED, or null when its beginning is text
 */
export async function textTrouble(file: SourceFile): Promise<PalateError | null> {
  const head = await readHead(file, SAMPLE_BYTES)
  const { display } = file
  if (ARCHIVES.some((magic) => magic.every((byte, at) => head[at] === byte))) {
    const reason = 'it is packed once more; unpack it first'
    return new PalateError('INPUT_REFUSED', `${display} was not imported: ${reason}. Nothing was kept.`, {
      path: display,
      reason,
    })
  }
  let lines = 0
  const encoding = detectEncoding(head)
  for (const separator of SEPARATORS) {
    try {
      const dialect = { separator, quote: '', quoteEscape: 'double' } as const
      await readRecords(file, dialect, () => lines++, { encoding, sampleBytes: SAMPLE_BYTES })
    } catch (error) {
      if (isPalateError(error)) return error
      throw error
    }
  }
  if (lines > 0 || head.length === SAMPLE_BYTES) return null
  return new PalateError('FILE_EMPTY', `${display} holds no ratings. Nothing was imported. Choose another file.`, {
    path: display,
  })
}
