import { runState } from '../../src-main/contract/dto/run.ts'
import { numberFields, searchTokens, textFields, type SearchWords, type TextField } from './run-search.ts'

export interface Suggestion {
  /** What takes the place of the word under the caret. */
  readonly text: string
  readonly label: string
  readonly doc: string
}
export interface Suggestions {
  readonly from: number
  readonly to: number
  readonly options: readonly Suggestion[]
}

/** Values that fields have in this workspace. */
export type KnownValues = Partial<Readonly<Record<TextField, readonly string[]>>>

const MOST = 8
const fieldDocs: Readonly<Record<string, string>> = {
  name: 'part of the name',
  model: 'its id, * for any text',
  preset: 'its id',
  dataset: 'part of the name',
  split: 'part of the split',
  state: 'finished, running, …',
  tag: 'one of its tags',
  note: 'part of the notes',
  executor: 'what computed it',
  group: 'started together',
  seed: 'seed:1..3',
  id: 'its number',
  updates: 'updates>1000',
  duration: 'duration>5m',
}

/** What may be meant at the caret: names of fields, then their values. */
export function suggestSearch(text: string, caret: number, words: SearchWords, values: KnownValues): Suggestions {
  const token = searchTokens(text).find(({ from, to }) => from < caret && caret <= to)
  const from = token?.from ?? caret
  const to = token?.to ?? caret
  const typed = text.slice(from, caret)
  const sign = typed.startsWith('-') ? '-' : ''
  const body = typed.slice(sign.length)
  const [, field, value] = /^(\w+):(.*)$/s.exec(body) ?? []
  const options = field === undefined ? fieldOptions(sign, body, words) : valueOptions(sign, field, value ?? '', values)
  // What stands there already is no suggestion.
  return { from, to, options: options.filter((option) => option.text !== text.slice(from, to)).slice(0, MOST) }
}

function fieldOptions(sign: string, body: string, { metrics, params }: SearchWords): Suggestion[] {
  if (body === '' || body.startsWith('"')) return []
  const typed = body.toLowerCase()
  const option = (name: string, ending: string, doc: string): Suggestion => ({
    text: `${sign}${name}${ending}`,
    label: `${sign}${name}${ending}`,
    doc,
  })
  return [
    ...textFields.map((name) => option(name, ':', fieldDocs[name] ?? '')),
    ...numberFields.map((name) => option(name, name === 'seed' || name === 'id' ? ':' : '>', fieldDocs[name] ?? '')),
    option('archived', '', 'what was put away'),
    ...metrics.map((metric) => option(`${metric}@20`, '>', 'a figure')),
    ...params.map((name) => option(name, '=', 'a parameter')),
  ].filter(({ text }) => text.slice(sign.length).toLowerCase().startsWith(typed))
}

function valueOptions(sign: string, field: string, value: string, values: KnownValues): Suggestion[] {
  const name = textFields.find((one) => one === field.toLowerCase())
  if (name === undefined) return []
  const known = name === 'state' ? runState.options : (values[name] ?? [])
  const typed = value.replaceAll('"', '').toLowerCase()
  return known
    .filter((one) => one.toLowerCase().includes(typed))
    .map((one) => {
      const text = `${sign}${field}:${/[\s,"]/.test(one) ? `"${one.replaceAll('"', '')}"` : one}`
      return { text, label: text, doc: '' }
    })
}
