import type { TimeKind } from '../../src-main/contract/dto/dataset.ts'
import { parseSplit, type SplitKind } from '../../src-main/contract/dto/split.ts'

export interface SplitTexts {
  /** Per cent that train. */
  readonly share: string
  /** Empty: it follows each run's seed. */
  readonly splitSeed: string
  readonly lastCount: string
}

/** The kinds of split as a person chooses among them. */
export const splitKinds: readonly { readonly value: SplitKind; readonly label: string; readonly doc: string }[] = [
  { value: 'random', label: 'At random', doc: 'Every rating trains or tests by chance.' },
  { value: 'chronological', label: 'Each user in time', doc: 'Each user’s first ratings train, the later ones test.' },
  { value: 'time', label: 'At one moment', doc: 'What was rated before one moment trains, the rest tests.' },
  { value: 'leave-last', label: 'Leave the last out', doc: 'Each user’s last ratings test, the earlier ones train.' },
]

/** Messages by field; fields that the kind does not show have none. */
export function splitProblems(kind: SplitKind, texts: SplitTexts, timeKind: TimeKind | undefined): Record<string, string> {
  const found: Record<string, string> = {}
  if (kind !== 'leave-last' && !/^[1-9]\d?$/.test(texts.share.trim())) found['share'] = 'A whole percentage from 1 to 99.'
  if (kind === 'random' && !/^\d{0,9}$/.test(texts.splitSeed.trim()))
    found['splitSeed'] = 'A whole number, or nothing: then it follows each run’s seed.'
  if (kind === 'leave-last' && !/^[1-9]\d{0,3}$/.test(texts.lastCount.trim()))
    found['lastCount'] = 'A whole number from 1 to 9999.'
  if (kind === 'time' && timeKind !== undefined && timeKind !== 'unix-seconds')
    found['splitKind'] = 'This data set does not say when its ratings were given.'
  return found
}

/** The text that the contract reads. Call it only where `splitProblems` found nothing. */
export function splitTextOf(kind: SplitKind, texts: SplitTexts): string {
  if (kind === 'leave-last') return `leave-last:${Number(texts.lastCount)}`
  const share = Number(texts.share) / 100
  const seed = kind === 'random' && texts.splitSeed.trim() ? `@${Number(texts.splitSeed)}` : ''
  return `${kind}:${share}${seed}`
}

/** The fields of a split's text: what `splitTextOf` undoes for whole per cents. Fields that the kind does not show have their usual texts. */
export function splitFieldsOf(text: string): { readonly kind: SplitKind; readonly texts: SplitTexts } {
  const split = parseSplit(text, -1)
  const texts = { share: '80', splitSeed: '', lastCount: '1' }
  if (split.kind === 'leave-last') return { kind: split.kind, texts: { ...texts, lastCount: String(split.count) } }
  const share = String(Number((split.share * 100).toFixed(6)))
  const splitSeed = split.kind === 'random' && split.seed >= 0 ? String(split.seed) : ''
  return { kind: split.kind, texts: { ...texts, share, splitSeed } }
}
