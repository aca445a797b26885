import type { AttributeColumn } from '../../../contract/dto/dataset-export.ts'
import { numberFault, parseNumber } from './numbers.ts'

/** How texts stand in the cells of an exported data set; `decode` undoes `encode` for every text. */
export interface CellCodec {
  encode(text: string): string
  decode(cell: string): string
  encodeGenres(genres: readonly string[]): string
  decodeGenres(cell: string): string[]
  /** A cell without this byte stands for itself. */
  readonly marker: number
}

/** With OWASP's list of characters that make a spreadsheet run a text; apostrophes count, so that one can be taken off again. */
const RUNNABLE = /^'*[=+\-@\t\r]/
const GUARDED = /^''*[=+\-@\t\r]/

/** @param apostrophes give every text that a spreadsheet would run a leading apostrophe */
export function csvCodec(apostrophes: boolean): CellCodec {
  const encode = (text: string) => (apostrophes && RUNNABLE.test(text) ? `'${text}` : text)
  const decode = (cell: string) => (apostrophes && GUARDED.test(cell) ? cell.slice(1) : cell)
  return {
    marker: 39,
    encode,
    decode,
    encodeGenres: (genres) => {
      const joined = genres.join('|')
      const plain = !joined.startsWith('[') && genres.every((genre) => genre !== '' && !genre.includes('|'))
      return encode(plain ? joined : JSON.stringify(genres))
    },
    decodeGenres: (cell) => {
      const text = decode(cell)
      if (text === '') return []
      return text.startsWith('[') ? textsIn(text) : text.split('|')
    },
  }
}

function textsIn(json: string): string[] {
  try {
    const value: unknown = JSON.parse(json)
    if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value
  } catch {
    // Written by hand: it begins with a bracket and is no list.
  }
  return json.split('|')
}

/** What ends a token or a line, the sign of the encoding itself, and a quote at the beginning, where a reader of tables sees one. */
const HOSTILE_TO_TOKENS = /[%\p{Cc}]|^"/gu
/** Texts that pandas, on which RecBole stands, takes for "nothing there". */
const NOTHING = /^(#N\/A( N\/A)?|#NA|<NA>|N\/A|n\/a|NA|NULL|null|NaN|-NaN|nan|-nan|None|-?1\.#(IND|QNAN))$/

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

function encodeToken(text: string): string {
  if (NOTHING.test(text)) return percent(text[0]!) + text.slice(1)
  return text.replace(HOSTILE_TO_TOKENS, percent)
}

function decodeToken(cell: string): string {
  return cell.replace(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
}

/** An element of a sequence; blanks divide them. */
function encodeElement(text: string): string {
  return text === '' ? '%' : encodeToken(text).replaceAll(' ', '%20')
}

/** RecBole's tokens can hold neither tabs nor line ends: those stand percent-encoded, as in an address. */
export const tokenCodec: CellCodec = {
  marker: 37,
  encode: encodeToken,
  decode: decodeToken,
  encodeGenres: (genres) => genres.map(encodeElement).join(' '),
  decodeGenres: (cell) => (cell === '' ? [] : cell.split(' ').map((element) => (element === '%' ? '' : decodeToken(element)))),
}

/** A user or an item. */
export interface Attributed {
  readonly attributes?: Readonly<Record<string, string | number>> | null | undefined
}

/**
 * The columns that hold what is known of the users, or of the items. Where a cell alone would not tell a number from a text, or an empty text
 * from none, the column holds JSON.
 */
export function attributeColumnsOf(entries: readonly Attributed[]): AttributeColumn[] {
  const seen = new Map<string, { count: number; number: boolean; text: boolean; empty: boolean }>()
  for (const { attributes } of entries) {
    for (const [name, value] of Object.entries(attributes ?? {})) {
      const found = seen.get(name) ?? { count: 0, number: false, text: false, empty: false }
      found.count++
      if (typeof value === 'number') found.number = true
      else found.text = true
      if (value === '') found.empty = true
      seen.set(name, found)
    }
  }
  return [...seen].map(([name, { count, number, text, empty }]) => {
    const optional = count < entries.length
    const kind = (number && text) || (optional && empty) ? 'json' : number ? 'number' : 'text'
    return { name, kind, optional }
  })
}

export function encodeAttribute(value: string | number | undefined, column: AttributeColumn, codec: CellCodec): string {
  if (value === undefined) return ''
  if (column.kind === 'json') return codec.encode(JSON.stringify(value))
  return typeof value === 'number' ? String(value) : codec.encode(value)
}

/** @returns undefined for a user or item without it; a fault, to follow "line 3: ", for a cell that cannot be read */
export function decodeAttribute(
  cell: string,
  column: AttributeColumn,
  codec: CellCodec,
): { readonly value: string | number | undefined } | { readonly fault: string } {
  if (cell === '' && column.optional) return { value: undefined }
  if (column.kind === 'text') return { value: codec.decode(cell) }
  if (column.kind === 'number') {
    const value = parseNumber(cell)
    return Number.isNaN(value) ? { fault: numberFault(column.name, cell) } : { value }
  }
  try {
    const value: unknown = JSON.parse(codec.decode(cell))
    if (typeof value === 'string' || typeof value === 'number') return { value }
  } catch {
    // Said below.
  }
  return { fault: `the ${column.name} "${cell}" is neither a text nor a number in JSON` }
}

/** The shortest text that reads back as the same 32-bit float. */
export function shortFloat(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return String(short)
  }
  return String(Number(value.toPrecision(9)))
}
