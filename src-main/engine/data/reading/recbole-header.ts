import { PalateError } from '../../../contract/errors.ts'
import { firstRecords } from './first-records.ts'
import type { SourceFile } from './file-tree.ts'
import type { Dialect } from './record.ts'

const FIELD_TYPES = ['token', 'float', 'token_seq', 'float_seq'] as const
export type FieldType = (typeof FIELD_TYPES)[number]

interface TypedField {
  /** Without its type. */
  readonly name: string
  /** null when the header says something else than one of the four. */
  readonly type: FieldType | null
  /** As it stands in the header. */
  readonly written: string
}

export interface TypedHeader {
  readonly file: SourceFile
  readonly dialect: Dialect
  readonly fields: readonly TypedField[]
  /** The first rows that have as many fields as the header. */
  readonly rows: readonly (readonly string[])[]
}

/** RecBole writes tabs; its `field_separator` may be anything. */
const SEPARATORS = ['\t', ',', ';', '|', ' ']
const SAMPLE_ROWS = 100
/** Of the fields that must have a good type, so that a misspelt one is called so and the file is not taken for another's. */
const LEAST_TYPED = 0.5

/** @returns null when the first line is no header of typed fields ("user_id:token") */
export async function typedHeader(file: SourceFile, separator?: string): Promise<TypedHeader | null> {
  for (const candidate of separator === undefined ? SEPARATORS : [separator]) {
    const dialect: Dialect = { separator: candidate, quote: '', quoteEscape: 'double' }
    const [first, ...rows] = await firstRecords(file, dialect, 'auto', SAMPLE_ROWS + 1)
    const fields = (first ?? []).map(typedField)
    const typed = fields.filter(({ type }) => type !== null).length
    const isHeader = typed > 0 && typed >= LEAST_TYPED * fields.length
    if (isHeader) return { file, dialect, fields, rows: rows.filter((row) => row.length === fields.length) }
  }
  return null
}

function typedField(written: string): TypedField {
  const at = written.lastIndexOf(':')
  const name = at < 0 ? written : written.slice(0, at)
  const said = written.slice(at + 1).trim()
  // Two colons: another separator divides these fields.
  return {
    name: name.trim(),
    type: at < 1 || name.includes(':') ? null : (FIELD_TYPES.find((type) => type === said) ?? null),
    written,
  }
}

/**
 * @param wanted the type that a field must have for the part that it plays
 * @throws PalateError INPUT_REFUSED for a field without a known type, or of another than `wanted` says
 */
export function checkTypes({ file, fields }: TypedHeader, wanted: ReadonlyMap<number, FieldType>): void {
  fields.forEach((field, at) => {
    if (field.type === null) {
      const known = `${FIELD_TYPES.slice(0, -1).join(', ')} or ${FIELD_TYPES.at(-1)!}`
      throw refused(file, `the field "${field.written}" of its header needs a type: ${known}`)
    }
    const type = wanted.get(at)
    if (type !== undefined && type !== field.type) {
      throw refused(file, `the field "${field.written}" of its header must be a ${type}`)
    }
  })
}

function refused({ display }: SourceFile, reason: string): PalateError {
  return new PalateError(
    'INPUT_REFUSED',
    `${display} was not imported: ${reason}. Correct the first line, for instance to "user_id:token item_id:token rating:float timestamp:float" with tabs between, and import it again.`,
    { path: display, reason },
  )
}
