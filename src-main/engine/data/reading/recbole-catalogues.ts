import type { TextEncoding } from '../../../contract/dto/import-settings.ts'
import { plainName, roleOfName } from './column-roles.ts'
import type { DatasetBuilder } from './dataset-builder.ts'
import { yearOfTitle } from './movielens.ts'
import { numberFault, parseNumber } from './numbers.ts'
import { readRecords, type RecordOptions } from './read-records.ts'
import { checkTypes, type FieldType, type TypedHeader } from './recbole-header.ts'
import type { TableRecord } from './record.ts'

const TITLE = /^(title|name|.*title|.*name)$/
const YEAR = /^(year|.*year)$/
const GENRES = /^(genres?|class|categor(y|ies)|tags?|.*genres?|.*categor(y|ies)|.*tags?)$/

/** Where the field of the ids stands. @returns -1 where there is none */
export function idField({ fields }: TypedHeader, role: 'user' | 'item'): number {
  const named = fields.findIndex(({ name }) => roleOfName(name) === role)
  return named >= 0 ? named : fields.findIndex(({ name }) => /^id$/i.test(name))
}

/**
 * Reads a .item file: the id, and what its fields say of title, year and genres; other fields are passed over.
 *
 * @throws PalateError INPUT_REFUSED for a header without types; as readRecords and DatasetBuilder.reject
 */
export async function readRecboleItems(header: TypedHeader, sink: DatasetBuilder, options: RecordOptions): Promise<void> {
  const id = idField(header, 'item')
  checkTypes(header, new Map<number, FieldType>([[id, 'token']]))
  const find = (pattern: RegExp) => header.fields.findIndex(({ name }, at) => at !== id && pattern.test(plainName(name)))
  const [title, year, genres] = [find(TITLE), find(YEAR), find(GENRES)]
  const isList = header.fields[genres]?.type === 'token_seq'
  await readTyped(header, sink, options, id, (record) => {
    const cell = (column: number) => (column < 0 ? '' : record.text(column).trim())
    const said = year < 0 ? NaN : parseNumber(cell(year))
    const names = cell(genres).split(isList ? /\s+/ : /\|/)
    const added = sink.addItem({
      itemId: record.text(id),
      title: cell(title) === '' ? null : cell(title),
      year: Number.isInteger(said) ? said : yearOfTitle(cell(title)),
      genres: [...new Set(names.filter((name) => name !== ''))],
    })
    return added < 0 ? `the id "${record.text(id)}" stands in an earlier line already` : null
  })
}

/** Reads a .user file: every field after the id is an attribute, a float as a number. @throws as readRecboleItems */
export async function readRecboleUsers(header: TypedHeader, sink: DatasetBuilder, options: RecordOptions): Promise<void> {
  const id = idField(header, 'user')
  checkTypes(header, new Map<number, FieldType>([[id, 'token']]))
  await readTyped(header, sink, options, id, (record) => {
    const entries: [string, string | number][] = []
    for (const [at, { name, type }] of header.fields.entries()) {
      if (at === id || record.isEmpty(at)) continue
      const text = record.text(at)
      const value = type === 'float' ? parseNumber(text) : text
      if (Number.isNaN(value)) return numberFault(name, text)
      entries.push([name, value])
    }
    const attributes = entries.length === 0 ? null : Object.fromEntries(entries)
    const added = sink.addUser({ userId: record.text(id), attributes })
    return added < 0 ? `the id "${record.text(id)}" stands in an earlier line already` : null
  })
}

async function readTyped(
  { file, dialect, fields }: TypedHeader,
  sink: DatasetBuilder,
  options: RecordOptions & { readonly encoding?: TextEncoding | undefined },
  id: number,
  take: (record: TableRecord) => string | null,
): Promise<void> {
  let isHeader = true
  const faultOf = (record: TableRecord) => {
    if (record.fault !== null) return record.fault
    if (record.count !== fields.length) return `it has ${record.count} fields instead of ${fields.length}`
    return record.isEmpty(id) ? `the field "${fields[id]!.name}" is empty` : take(record)
  }
  await readRecords(
    file,
    dialect,
    (record) => {
      const reason = isHeader ? null : faultOf(record)
      isHeader = false
      if (reason === null) return
      const { line, byteOffset } = record
      sink.reject({ file: file.display, line, byteOffset, reason, rawText: record.rawText() })
    },
    options,
  )
}
