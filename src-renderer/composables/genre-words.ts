import type {
  GenreArm,
  GenreEstimate,
  GenreQuestion,
  GenreTestReport,
  GenreTestRow,
} from '../../src-main/contract/dto/genre-test.ts'
import { formatPercent, formatSigned, plural } from './format.ts'
import type { Tone } from './run-state.ts'

export const armTitles: Readonly<Record<GenreArm, string>> = {
  frozen: 'Frozen',
  follows: 'The vector follows',
  learns: 'The weights learn',
  'follows and learns': 'Both',
}
export const armNotes: Readonly<Record<GenreArm, string>> = {
  frozen: 'Nothing moves but the history',
  follows: 'The viewer’s vector, after each answer',
  learns: 'The networks, by gradient updates',
  'follows and learns': 'As in a session that learns',
}

/** wished: the disliked genre fell, or the liked one rose, by more than chance. unknown: too few viewers for an interval. */
export type GenreVerdict = 'wished' | 'unwished' | 'even' | 'unknown' | 'control'

/** Below 0 is what is wished for, whichever the question: less of what is disliked, a smaller rank for what is liked. */
export function genreVerdict({ effect }: Pick<GenreTestRow, 'effect'>): GenreVerdict {
  if (effect === null) return 'control'
  if (effect.low === null || effect.high === null) return 'unknown'
  return effect.high < 0 ? 'wished' : effect.low > 0 ? 'unwished' : 'even'
}

export interface GenreLook {
  readonly label: string
  readonly icon: string
  readonly tone: Tone
}

const falls = { label: 'fell', icon: 'i-lucide-arrow-down' }
const rises = { label: 'rose', icon: 'i-lucide-arrow-up' }
export function verdictLookOf(verdict: GenreVerdict, question: GenreQuestion): GenreLook {
  if (verdict === 'control') return { label: 'the control', icon: 'i-lucide-snowflake', tone: 'neutral' }
  if (verdict === 'unknown') return { label: 'too few viewers to tell', icon: 'i-lucide-circle-help', tone: 'neutral' }
  if (verdict === 'even') return { label: 'not distinguishable', icon: 'i-lucide-equal', tone: 'neutral' }
  if (verdict === 'wished') return { ...(question === 'dislikes' ? falls : rises), tone: 'success' }
  return question === 'dislikes' ? { ...rises, tone: 'warning' } : { label: 'sank', icon: 'i-lucide-arrow-down', tone: 'warning' }
}

const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** A mean rank with one digit: 2,162.2 */
export function formatRank(value: number): string {
  return oneDigit.format(value)
}

/** Places with their sign, below 0 nearer to the top: −25.1, +4.9, ±0. */
export function signedPlaces(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const text = formatRank(Math.abs(value))
  return text === '0.0' ? '±0' : `${value < 0 ? '−' : '+'}${text}`
}

/** What a change means, beside its figure. */
export function sideWords(value: number): string {
  const text = signedPlaces(value)
  return text === '±0' ? 'places' : text.startsWith('−') ? 'places: nearer to the top' : 'places: further down'
}

/** "25.1 places higher", "0.7 places lower", "no place higher or lower" */
export function placesWords(value: number): string {
  const text = formatRank(Math.abs(value))
  if (text === '0.0') return 'no place higher or lower'
  return `${text} ${text === '1.0' ? 'place' : 'places'} ${value < 0 ? 'higher' : 'lower'}`
}

/** "13.5 to 39.0 higher", "2.0 higher to 1.6 lower"; nothing without an interval. */
export function placesRange({ low, high }: GenreEstimate): string {
  if (low === null || high === null) return 'no interval'
  const end = (value: number) => formatRank(Math.abs(value))
  if (high <= 0) return `${end(high)} to ${end(low)} higher`
  if (low >= 0) return `${end(low)} to ${end(high)} lower`
  return `${end(low)} higher to ${end(high)} lower`
}

/** How a question's figures are written: shares of the first 20, or mean ranks. */
export function figuresOf(question: GenreQuestion) {
  return question === 'dislikes'
    ? { level: (value: number) => formatPercent(value, 1), change: formatSigned }
    : { level: formatRank, change: signedPlaces }
}

/** What moved, over all genres that were asked about, and each of them by its verdict. */
export interface ArmSummary {
  readonly arm: GenreArm
  readonly row: GenreTestRow
  readonly verdict: GenreVerdict
  readonly wished: readonly string[]
  readonly even: readonly string[]
  readonly unwished: readonly string[]
}

/** In the order in which they were asked, the control first. */
export function armSummaries({ rows }: Pick<GenreTestReport, 'rows'>): ArmSummary[] {
  return [...Map.groupBy(rows, ({ arm }) => arm)].map(([arm, own]) => {
    const ofGenres = own.filter(({ genre }) => genre !== null)
    const named = (verdict: GenreVerdict) => ofGenres.filter((row) => genreVerdict(row) === verdict).map(({ genre }) => genre!)
    const row = own.find(({ genre }) => genre === null) ?? own[0]!
    return { arm, row, verdict: genreVerdict(row), wished: named('wished'), even: named('even'), unwished: named('unwished') }
  })
}

/** "Rose: Sci-Fi, Horror. Not distinguishable: Comedy. Sank: Romance." */
export function genresWords({ wished, even, unwished }: Pick<ArmSummary, 'wished' | 'even' | 'unwished'>): string {
  const part = (title: string, genres: readonly string[]) => (genres.length > 0 ? [`${title}: ${genres.join(', ')}.`] : [])
  return [...part('Rose', wished), ...part('Not distinguishable', even), ...part('Sank', unwished)].join(' ')
}

export interface RiseHeadline extends GenreLook {
  readonly text: string
}

/** The answer to the question for favourites, of the arm in which most may move: chosen by that, never by its outcome. */
export function riseHeadline(report: GenreTestReport): RiseHeadline | null {
  const { genres, answers, count } = report.wish
  const main = armSummaries(report).findLast(({ arm }) => arm !== 'frozen')
  if (!main?.row.effect) return null
  const [who, verb] = genres.length === 1 ? [genres[0]!, 's'] : ['The liked genres', '']
  const label = {
    wished: `${who} rise${verb}`,
    unwished: `${who} sink${verb}`,
    even: 'No rise that can be told from chance',
    unknown: 'Too few guests to tell',
    control: 'Nothing but the control',
  }[main.verdict]
  const { effect } = main.row
  const how = {
    frozen: '',
    follows: 'a vector that follows',
    learns: 'weights that learn',
    'follows and learns': 'a vector that follows and weights that learn',
  }[main.arm]
  const text = `After ${plural(answers, 'answer')} with ${how}, items of the liked genre that were never shown stand ${placesWords(effect.value)} (95\u00a0%: ${placesRange(effect)}) than for the same ${plural(count, 'guest')} before the frozen policy.`
  const { icon, tone } = verdictLookOf(main.verdict, 'favourites')
  return { label, icon, tone, text }
}

/** Ends of a scale around nought that a person can read: 1, 2 or 5 and noughts, no smaller than `reach`. */
export function roundReach(reach: number): number {
  const power = 10 ** Math.floor(Math.log10(reach))
  return power * ([1, 2, 5].find((step) => step * power >= reach * (1 - 1e-9)) ?? 10)
}
