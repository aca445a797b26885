import { runLimits, type RunDefaults } from '../../src-main/contract/dto/run-defaults.ts'
import type { SplitKind } from '../../src-main/contract/dto/split.ts'
import { parseNumberList, type NumberList } from './number-list.ts'
import { splitFieldsOf, splitProblems, splitTextOf, type SplitTexts } from './split-form.ts'

/** What the form of a new run begins with, as its fields hold it. */
export interface RunStart {
  readonly model: string
  readonly seeds: string
  readonly ks: string
  readonly kind: SplitKind
  readonly split: SplitTexts
  readonly protocols: readonly string[]
}

export function runStart(defaults: RunDefaults): RunStart {
  const { kind, texts } = splitFieldsOf(defaults.defaultSplit)
  const count = defaults.defaultSeedCount
  return {
    model: defaults.defaultModel,
    seeds: count === 1 ? '1' : `1-${count}`,
    ks: defaults.defaultKs.join(', '),
    kind,
    split: texts,
    protocols: defaults.defaultProtocols,
  }
}

export const parseSeeds = (text: string): NumberList => parseNumberList(text, 'seed', runLimits.seeds)
export const parseKs = (text: string): NumberList => parseNumberList(text, 'list length', runLimits.ks)

/** The defaults as the settings show them, to be typed into. */
export interface DefaultsForm {
  seedCount: string
  ks: string
  kind: SplitKind
  share: string
  splitSeed: string
  lastCount: string
}

export function defaultsForm(defaults: RunDefaults): DefaultsForm {
  const { kind, split, ks } = runStart(defaults)
  return { seedCount: String(defaults.defaultSeedCount), ks, kind, ...split }
}

/** Messages by field. */
export function defaultsProblems(form: DefaultsForm): Record<string, string> {
  const found = splitProblems(form.kind, form, undefined)
  if (!/^([1-9]\d?|100)$/.test(form.seedCount.trim())) found['seedCount'] = `A whole number from 1 to ${runLimits.seeds.most}.`
  const ks = parseKs(form.ks)
  if (!ks.ok) found['ks'] = ks.message
  return found
}

/**
 * What the fields show after something was stored: as it was understood, but for fields in which somebody has typed since.
 * @param sent the form as it stood when it was last sent
 */
export function takenBack(form: DefaultsForm, sent: DefaultsForm, before: RunDefaults, next: RunDefaults): Partial<DefaultsForm> {
  const [was, shown] = [defaultsForm(before), defaultsForm(next)]
  const names = Object.keys(shown) as (keyof DefaultsForm)[]
  const stale = names.filter((name) => shown[name] !== was[name] && (form[name] === was[name] || form[name] === sent[name]))
  return Object.fromEntries(stale.map((name) => [name, shown[name]]))
}

/** What the form says that can be understood and is not so already, field by field. */
export function defaultsChange(form: DefaultsForm, now: RunDefaults): Partial<RunDefaults> {
  const problems = defaultsProblems(form)
  const splitFits = !['share', 'splitSeed', 'lastCount'].some((field) => problems[field])
  const ks = parseKs(form.ks)
  const wanted: Partial<RunDefaults> = {
    ...(problems['seedCount'] ? {} : { defaultSeedCount: Number(form.seedCount) }),
    ...(ks.ok ? { defaultKs: ks.values } : {}),
    ...(splitFits ? { defaultSplit: splitTextOf(form.kind, form) } : {}),
  }
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => String(value) !== String(now[name as keyof RunDefaults])),
  )
}

/** Whether two defaults say the same. */
export function sameDefaults(a: RunDefaults, b: RunDefaults): boolean {
  const names = ['defaultModel', 'defaultSplit', 'defaultSeedCount', 'defaultKs', 'defaultProtocols'] as const
  return names.every((name) => String(a[name]) === String(b[name]))
}
