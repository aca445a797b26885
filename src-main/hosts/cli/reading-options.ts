import {
  behaviourMeaning,
  columnRole,
  duplicatesPolicy,
  quoteEscape,
  textEncoding,
  timeUnit,
  type BehaviourMeaning,
  type ImportSettings,
} from '../../contract/dto/import-settings.ts'
import { assignments, names, oneOf, usageError } from './arguments.ts'

/** The flags of `palate inspect` and `palate import` that say how a source is read. */
export interface ReadingOptions {
  readonly format?: string
  readonly file?: string
  readonly encoding?: string
  readonly separator?: string
  readonly quote?: string
  readonly quoteEscape?: string
  readonly header?: string
  readonly columns?: string
  readonly decimalComma?: string
  readonly timeUnit?: string
  readonly missing?: string
  readonly behaviours?: string
  readonly scale?: string
  readonly thresholds?: string
  readonly duplicates?: string
  readonly maxRejectRate?: string
}

const SEPARATORS: Readonly<Record<string, string>> = {
  tab: '\t',
  '\\t': '\t',
  comma: ',',
  semicolon: ';',
  space: ' ',
  pipe: '|',
}

/**
 * @returns what was said, and nothing for what was not
 * @throws PalateError INPUT_INVALID that names the flag
 */
export function readingSettings(options: ReadingOptions): ImportSettings {
  const { file, separator, quote, missing } = options
  return dropUndefined({
    file,
    encoding: given(options.encoding, (text) => oneOf('--encoding', text, textEncoding.options)),
    separator: given(separator, (text) => SEPARATORS[text] ?? text),
    quote: given(quote, quoteOf),
    quoteEscape: given(options.quoteEscape, (text) => oneOf('--quote-escape', text, quoteEscape.options)),
    header: given(options.header, (text) => yesOrNo('--header', text)),
    columns: given(options.columns, columnsOf),
    decimalComma: given(options.decimalComma, (text) => yesOrNo('--decimal-comma', text)),
    timeUnit: given(options.timeUnit, (text) => oneOf('--time-unit', text, timeUnit.options)),
    missing: given(missing, (text) => text.split(',')),
    behaviours: given(options.behaviours, behavioursOf),
    scale: scaleOf(options.scale, options.thresholds),
    duplicates: given(options.duplicates, (text) => oneOf('--duplicates', text, duplicatesPolicy.options)),
    maxRejectRate: given(options.maxRejectRate, shareOf),
  })
}

function given<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : read(text)
}

function dropUndefined(settings: { [K in keyof ImportSettings]: ImportSettings[K] | undefined }): ImportSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

function quoteOf(text: string): string {
  if (text === 'none') return ''
  if (text.length === 1) return text
  throw usageError('--quote', `--quote wants one character or none, not "${text}".`)
}

function yesOrNo(flag: string, text: string): boolean {
  return oneOf(flag, text, ['yes', 'no']) === 'yes'
}

function columnsOf(text: string): ImportSettings['columns'] {
  const entries = Object.entries(assignments('--columns', names('--columns', text)))
  return Object.fromEntries(entries.map(([role, column]) => [oneOf('--columns', role, columnRole.options), column]))
}

function behavioursOf(text: string): Record<string, BehaviourMeaning> {
  const entries = Object.entries(assignments('--behaviours', names('--behaviours', text)))
  return Object.fromEntries(
    entries.map(([name, meaning]) => {
      const [feedback = '', rating = ''] = meaning.split(':')
      const known = oneOf('--behaviours', feedback, behaviourMeaning.shape.feedback.options)
      return [name, { feedback: known, rating: numberOf('--behaviours', rating) }]
    }),
  )
}

/** `1..5` and `2..4`: the outer quarters are the thresholds where none are said. */
function scaleOf(scale: string | undefined, thresholds: string | undefined): ImportSettings['scale'] {
  if (scale === undefined) {
    if (thresholds === undefined) return undefined
    throw usageError('--thresholds', '--thresholds wants --scale beside it, for instance --scale 1..5 --thresholds 2..4.')
  }
  const [min, max] = rangeOf('--scale', scale)
  const [negativeTo, positiveFrom] =
    thresholds === undefined ? [min + (max - min) / 4, max - (max - min) / 4] : rangeOf('--thresholds', thresholds)
  return { min, max, positiveFrom, negativeTo }
}

function rangeOf(flag: string, text: string): [number, number] {
  const parts = text.split('..')
  if (parts.length !== 2) throw usageError(flag, `${flag} wants two numbers with two dots between them, not "${text}".`)
  return [numberOf(flag, parts[0]!), numberOf(flag, parts[1]!)]
}

function numberOf(flag: string, text: string): number {
  const value = text.trim() === '' ? NaN : Number(text)
  if (!Number.isFinite(value)) throw usageError(flag, `${flag} wants a number, not "${text}".`)
  return value
}

function shareOf(text: string): number {
  const value = numberOf('--max-reject-rate', text)
  if (value < 0 || value > 1) throw usageError('--max-reject-rate', `--max-reject-rate wants a share from 0 to 1, not "${text}".`)
  return value
}
