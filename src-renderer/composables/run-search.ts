import { runState } from '../../src-main/contract/dto/run.ts'
import type { Glob } from './glob.ts'

/** Fields that hold text; for those in `wholeFields` a value must be the whole text, for the others a part of it. */
export const textFields = ['name', 'model', 'preset', 'dataset', 'split', 'state', 'tag', 'note', 'executor', 'group'] as const
export type TextField = (typeof textFields)[number]
export const wholeFields: ReadonlySet<TextField> = new Set(['model', 'preset', 'state', 'tag', 'executor', 'group'])
export const numberFields = ['seed', 'id', 'updates', 'duration'] as const
export type NumberField = (typeof numberFields)[number]
export type Operator = '<' | '<=' | '>' | '>=' | '=' | '!='

/** What a number is asked of. A figure without k takes the length 20; without protocol the one that re-ranks in sequence. */
export type NumberOf =
  | { readonly of: 'fact'; readonly name: NumberField }
  | { readonly of: 'figure'; readonly metric: string; readonly k: number; readonly protocol: string; readonly subset: Subset }
  | { readonly of: 'param'; readonly name: string }
type Subset = 'all' | 'full-length'

/** One condition; a run is found when all hold. `not` turns it round. */
export type SearchTerm = { readonly not: boolean } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'archived' }
  | { readonly kind: 'field'; readonly field: TextField; readonly any: readonly Glob[] }
  | { readonly kind: 'param'; readonly name: string; readonly any: readonly Glob[] }
  | { readonly kind: 'compare'; readonly of: NumberOf; readonly operator: Operator; readonly value: number }
  | { readonly kind: 'ranges'; readonly of: NumberOf; readonly any: readonly { readonly from: number; readonly to: number }[] }
)

/** A part of the text, from `from` to before `to`, that says nothing that can be asked; it is left out of the search. */
export interface SearchMistake {
  readonly from: number
  readonly to: number
  readonly message: string
}

export interface ParsedSearch {
  readonly terms: readonly SearchTerm[]
  readonly mistakes: readonly SearchMistake[]
}

/** Names that figures and parameters have here. */
export interface SearchWords {
  readonly metrics: readonly string[]
  readonly params: readonly string[]
  readonly protocols: readonly string[]
}

interface Token {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly open: boolean
}

/** Words apart by white space; what stands in quotation marks belongs together. Never fails. */
export function searchTokens(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++
      continue
    }
    const from = at
    let quoted = false
    for (; at < text.length && (quoted || !/\s/.test(text[at]!)); at++) if (text[at] === '"') quoted = !quoted
    tokens.push({ from, to: at, text: text.slice(from, at), open: quoted })
  }
  return tokens
}

/**
 * Reads a search: words and "phrases" that must occur; `field:value`, with `*` for any text, a comma between alternatives and
 * `1..3` for a range; `figure@k>value`, `parameter=value`; `archived`; a `-` in front turns one round. Never throws.
 */
export function parseSearch(text: string, words: SearchWords): ParsedSearch {
  const terms: SearchTerm[] = []
  const mistakes: SearchMistake[] = []
  for (const token of searchTokens(text)) {
    const outcome = token.open ? 'The quotation mark is not closed.' : termOf(token.text, words)
    if (typeof outcome === 'string') mistakes.push({ from: token.from, to: token.to, message: outcome })
    else terms.push(outcome)
  }
  return { terms, mistakes }
}

/** @returns what is asked, or what is wrong with it */
function termOf(token: string, words: SearchWords): SearchTerm | string {
  const not = token.startsWith('-') && token.length > 1
  const body = not ? token.slice(1) : token
  if (body.startsWith('"')) return { kind: 'text', text: unquoted(body).toLowerCase(), not }
  const asked = /^([\p{L}_][\p{L}\p{N}_@.+-]*)(:|>=|<=|!=|>|<|=)(.*)$/su.exec(body)
  if (!asked)
    return body.toLowerCase() === 'archived' ? { kind: 'archived', not } : { kind: 'text', text: body.toLowerCase(), not }
  const [, name = '', sign = '', value = ''] = asked
  if (value === '') return `“${name}${sign}” wants a value after it.`
  const field = textFields.find((one) => one === name.toLowerCase())
  if (field) return sign === ':' || sign === '=' ? textTerm(field, value, not) : `“${field}” holds text: write ${field}:${value}`
  const of = numberOf(name, words)
  if (of === undefined) return unknownField(name, words)
  if (sign !== ':') return compareTerm(of, name, sign as Operator, value, not)
  const ranges = value.split(',').map((part) => rangeOf(part, of))
  if (ranges.every((range) => range !== undefined)) return { kind: 'ranges', of, any: ranges, not }
  if (of.of === 'param') return { kind: 'param', name: of.name, any: patternsOf(value, true), not }
  return `“${value}” is no number: write ${name}:3, ${name}:1..3 or ${name}>3`
}

function textTerm(field: TextField, value: string, not: boolean): SearchTerm | string {
  if (field === 'state') {
    const wrong = value
      .split(',')
      .find((part) => !part.includes('*') && !runState.options.some((one) => one === part.toLowerCase()))
    if (wrong !== undefined) return `There is no state “${wrong}”. Choose from: ${runState.options.join(', ')}.`
  }
  return { kind: 'field', field, any: patternsOf(value, wholeFields.has(field)), not }
}

function compareTerm(of: NumberOf, name: string, operator: Operator, value: string, not: boolean): SearchTerm | string {
  const number = numberIn(value, of)
  if (number !== undefined) return { kind: 'compare', of, operator, value: number, not }
  if (of.of === 'param' && (operator === '=' || operator === '!='))
    return { kind: 'param', name: of.name, any: patternsOf(value, true), not: not !== (operator === '!=') }
  return `“${value}” is no number: write for instance ${name}${operator}0.9`
}

/** `ndcg@20`, `ndcg@5.all`, `ndcg@20.rerank-oneshot`, `gamma`, `param.gamma`, `seed` */
function numberOf(name: string, { metrics, params, protocols }: SearchWords): NumberOf | undefined {
  const fact = numberFields.find((one) => one === name.toLowerCase())
  if (fact) return { of: 'fact', name: fact }
  const [head = '', ...parts] = name.split('.')
  const [metric = '', k] = head.toLowerCase().split('@')
  const knownParts = parts.every((part) => part === 'all' || protocols.includes(part))
  if (metrics.includes(metric) && knownParts && (k === undefined || /^[1-9]\d{0,4}$/.test(k))) {
    const protocol = parts.find((part) => part !== 'all') ?? 'rerank-sequential'
    return {
      of: 'figure',
      metric,
      k: k === undefined ? 20 : Number(k),
      protocol,
      subset: parts.includes('all') ? 'all' : 'full-length',
    }
  }
  const param = name.startsWith('param.') ? name.slice('param.'.length) : name
  const known = params.find((one) => one === param) ?? params.find((one) => one.toLowerCase() === param.toLowerCase())
  return known === undefined ? undefined : { of: 'param', name: known }
}

function unknownField(name: string, { metrics, params }: SearchWords): string {
  const near = [...textFields, ...numberFields, ...metrics.map((metric) => `${metric}@20`), ...params].find((known) =>
    isNear(known.toLowerCase(), name.toLowerCase()),
  )
  const hint = near ? `Is “${near}” meant? ` : ''
  return `There is no field “${name}”. ${hint}Put it into quotation marks to search for it as text.`
}

/** One letter more, less, other or swapped with its neighbour. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.min(a.length, b.length) < 3) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  const [x, y] = [a.slice(start), b.slice(start)]
  return (
    x.slice(1) === y ||
    x === y.slice(1) ||
    x.slice(1) === y.slice(1) ||
    (x.slice(2) === y.slice(2) && x[0] === y[1] && x[1] === y[0])
  )
}

/** @param whole the text must be the value, not contain it; so it is wherever the value has a `*` */
function patternsOf(value: string, whole: boolean): Glob[] {
  return splitOutsideQuotes(value).map((part) => {
    const pieces = unquoted(part).toLowerCase().split('*')
    return { pieces, whole: whole || pieces.length > 1 }
  })
}

function splitOutsideQuotes(value: string): string[] {
  return (value.match(/(?:"[^"]*"|[^,"])+/g) ?? [value]).filter((part) => part !== '')
}

function rangeOf(text: string, of: NumberOf): { from: number; to: number } | undefined {
  const [low, high, ...more] = text.split('..')
  if (more.length > 0 || (high === undefined && low === '')) return undefined
  const from = low === '' ? -Infinity : numberIn(low!, of)
  const to = high === undefined ? from : high === '' ? Infinity : numberIn(high, of)
  return from === undefined || to === undefined ? undefined : { from, to }
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 }

/** Durations in seconds: 90, 90s, 5m, 2h, 1d. */
function numberIn(text: string, of: NumberOf): number | undefined {
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(s|m|min|h|d)?$/i.exec(text)
  if (!found) return undefined
  const unit = found[2]?.toLowerCase()
  if (unit !== undefined && !(of.of === 'fact' && of.name === 'duration')) return undefined
  const value = Number(found[1]) * (unit === undefined ? 1 : seconds[unit]!)
  return Number.isFinite(value) ? value : undefined
}

function unquoted(text: string): string {
  return text.replaceAll('"', '')
}
