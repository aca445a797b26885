import type { ImportSettings } from '../../src-main/contract/dto/import-settings.ts'

/** How a source is read, beside its columns and behaviours: what the form of the wizard is made of. */
export type ReadingFieldName =
  'encoding' | 'separator' | 'quote' | 'quoteEscape' | 'header' | 'decimalComma' | 'timeUnit' | 'missing'

export interface ReadingField {
  readonly name: ReadingFieldName
  readonly label: string
  readonly hint: string
  /** Values as text; without them the field is typed. */
  readonly options?: readonly { readonly value: string; readonly label: string }[]
  /** Beside the options something else may be typed: what it is called. */
  readonly other?: string
}

const yesNo = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
]

export const readingFields: readonly ReadingField[] = [
  {
    name: 'encoding',
    label: 'Encoding',
    hint: 'Automatic: UTF-8, and Windows-1252 where a line is none.',
    options: [
      { value: 'auto', label: 'Automatic' },
      { value: 'utf-8', label: 'UTF-8, strictly' },
      { value: 'utf-16le', label: 'UTF-16, little endian' },
      { value: 'utf-16be', label: 'UTF-16, big endian' },
      { value: 'windows-1252', label: 'Windows-1252' },
      { value: 'latin-1', label: 'Latin-1' },
    ],
  },
  {
    name: 'separator',
    label: 'Separator',
    hint: 'Between two fields of a line.',
    options: [
      { value: ',', label: 'Comma' },
      { value: ';', label: 'Semicolon' },
      { value: '\t', label: 'Tab' },
      { value: ' ', label: 'Space' },
      { value: '|', label: 'Bar |' },
      { value: '::', label: 'Two colons ::' },
      { value: ':', label: 'Colon :' },
      { value: '^', label: 'Caret ^' },
      { value: '\u0001', label: 'Control character 1' },
    ],
    other: 'Another …',
  },
  {
    name: 'quote',
    label: 'Quotes',
    hint: 'About fields that hold the separator.',
    options: [
      { value: '"', label: 'Double quotes "' },
      { value: "'", label: "Single quotes '" },
      { value: '', label: 'Fields are never quoted' },
    ],
  },
  {
    name: 'quoteEscape',
    label: 'A quote inside quotes',
    hint: 'As the file writes it.',
    options: [
      { value: 'auto', label: 'Automatic' },
      { value: 'double', label: 'Doubled ""' },
      { value: 'backslash', label: 'With a backslash \\"' },
      { value: 'both', label: 'Either' },
    ],
  },
  { name: 'header', label: 'Header', hint: 'The first line says what the columns are.', options: yesNo },
  { name: 'decimalComma', label: 'Decimal comma', hint: '4,5 is a number.', options: yesNo },
  {
    name: 'timeUnit',
    label: 'Times are',
    hint: 'What the time column counts.',
    options: [
      { value: 'seconds', label: 'Seconds since 1970, or ranks' },
      { value: 'milliseconds', label: 'Milliseconds since 1970' },
      { value: 'iso', label: 'Dates such as 2018-01-31' },
    ],
  },
  {
    name: 'missing',
    label: 'Not rated',
    hint: 'In place of a rating: 99, NULL; "" for an empty field.',
  },
]

/** A setting as the text of its control; empty where nothing is known. */
export function settingText(name: ReadingFieldName, settings: ImportSettings): string {
  const value = settings[name]
  if (value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map((text) => (text === '' ? '""' : text)).join(', ')
  return value
}

/** What the text of a control says, or undefined for text that says nothing. */
export function settingValue(name: ReadingFieldName, text: string): ImportSettings[ReadingFieldName] {
  switch (name) {
    case 'header':
    case 'decimalComma':
      return text === '' ? undefined : text === 'yes'
    case 'missing': {
      const markers = text.split(',').map((part) => part.trim())
      return markers.filter((part) => part !== '').map((part) => (part === '""' ? '' : part))
    }
    case 'quote':
      return text
    default:
      return text === '' ? undefined : (text as ImportSettings['encoding'])
  }
}

/** A setting in words, for "Detected: …". */
export function settingWords(name: ReadingFieldName, settings: ImportSettings): string {
  const field = readingFields.find((one) => one.name === name)
  const text = settingText(name, settings)
  if (settings[name] === undefined || (name === 'missing' && text === '')) return 'nothing'
  return field?.options?.find((option) => option.value === text)?.label ?? text
}

/** Equal in what they say, whatever the order of their keys. */
export function sameSetting(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
