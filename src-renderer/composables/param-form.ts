import {
  defaultParams,
  parseParams,
  type ParamIssue,
  type ParamSpec,
  type ParamSpecs,
  type ParamValue,
} from '../../src-main/contract/params.ts'
import type { ModelDescriptor } from '../../src-main/contract/dto/model.ts'
import { humanise } from './format.ts'

/** What stands in the form: text while a number is being typed, so that "1e-" is not taken away from under the fingers. */
export type FormValues = Record<string, ParamValue>

export interface FormField {
  readonly name: string
  readonly label: string
  readonly spec: ParamSpec
  /** What the preset says. */
  readonly preset: ParamValue
}

export interface FormGroup {
  readonly title: string
  readonly fields: readonly FormField[]
  readonly advanced: readonly FormField[]
}

/** The complete values of a preset: the defaults, and what the preset changes. Unknown presets count as the defaults. */
export function presetValues(model: ModelDescriptor, presetId: string): Record<string, ParamValue> {
  const preset = model.presets.find((one) => one.id === presetId)
  return { ...defaultParams(model.params), ...preset?.values }
}

/** The form of a model: groups in the order in which its parameters name them. */
export function formGroups(specs: ParamSpecs, preset: Readonly<Record<string, ParamValue>>): FormGroup[] {
  const groups = new Map<string, { title: string; fields: FormField[]; advanced: FormField[] }>()
  for (const [name, spec] of Object.entries(specs)) {
    const group = groups.get(spec.group) ?? { title: spec.group, fields: [], advanced: [] }
    groups.set(spec.group, group)
    const field = { name, label: humanise(name), spec, preset: preset[name] ?? spec.default }
    ;(spec.advanced ? group.advanced : group.fields).push(field)
  }
  return [...groups.values()]
}

/** The messages by field, from the same parser that the engine uses; without the leading name, which stands beside it. */
export function formIssues(specs: ParamSpecs, values: FormValues): Record<string, string> {
  const parsed = parseParams(specs, values)
  return parsed.ok ? {} : issuesByName(parsed.issues)
}

export function issuesByName(issues: readonly ParamIssue[]): Record<string, string> {
  return Object.fromEntries(
    issues.map(({ name, message }) => {
      const text = message.startsWith(`${name} `) ? message.slice(name.length + 1) : message
      return [name, text.charAt(0).toUpperCase() + text.slice(1)]
    }),
  )
}

/** Whether a typed value means something else than the preset's: "0.90" equals 0.9. */
export function differs(spec: ParamSpec, value: ParamValue | undefined, preset: ParamValue): boolean {
  if (value === undefined) return false
  if (spec.type === 'float' || spec.type === 'int') return String(value).trim() === '' || Number(value) !== Number(preset)
  return value !== preset
}

/** The fields that differ from the preset, as values for `runs.start`. Call it only when there are no issues. */
export function changedValues(
  specs: ParamSpecs,
  values: FormValues,
  preset: Readonly<Record<string, ParamValue>>,
): Record<string, ParamValue> {
  const parsed = parseParams(specs, values)
  if (!parsed.ok) return {}
  return Object.fromEntries(Object.entries(parsed.values).filter(([name, value]) => value !== preset[name]))
}
