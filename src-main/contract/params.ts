import * as z from 'zod'

/**
 * Hyper-parameters as data. From one ParamSpec come the form, the validation (the same code in form, command line and
 * service), the command-line flags, the model page, and what a run stores.
 */
const described = {
  /** What it does, one or two sentences that end with a full stop. */
  doc: z.string(),
  /** The symbol of the source, for instance γ. */
  symbol: z.string().optional(),
  /** Where it stands in the source, for instance "(14)". */
  equation: z.string().optional(),
  /** Heading under which the form lists it. */
  group: z.string().default('General'),
  /** Hidden behind "advanced" in the form. */
  advanced: z.boolean().default(false),
}

export const paramSpec = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('float'),
    default: z.number(),
    min: z.number(),
    max: z.number(),
    scale: z.enum(['linear', 'log']).default('linear'),
    ...described,
  }),
  z.object({ type: z.literal('int'), default: z.int(), min: z.int(), max: z.int(), ...described }),
  z.object({ type: z.literal('bool'), default: z.boolean(), ...described }),
  z.object({
    type: z.literal('choice'),
    default: z.string(),
    options: z.array(z.object({ value: z.string(), label: z.string(), doc: z.string().optional() })).min(1),
    ...described,
  }),
])
export type ParamSpec = z.infer<typeof paramSpec>
export type ParamSpecs = Readonly<Record<string, ParamSpec>>

export const paramValue = z.union([z.number(), z.string(), z.boolean()])
export type ParamValue = z.infer<typeof paramValue>
export const paramValues = z.record(z.string(), paramValue)
export type ParamValues = Readonly<Record<string, ParamValue>>

export interface ParamIssue {
  readonly name: string
  readonly message: string
}

type SpecInput<T extends ParamSpec['type']> = Omit<z.input<typeof paramSpec> & { type: T }, 'type'>

export const float = (spec: SpecInput<'float'>) =>
  paramSpec.parse({ type: 'float', ...spec }) as Extract<ParamSpec, { type: 'float' }>
export const int = (spec: SpecInput<'int'>) => paramSpec.parse({ type: 'int', ...spec }) as Extract<ParamSpec, { type: 'int' }>
export const bool = (spec: SpecInput<'bool'>) =>
  paramSpec.parse({ type: 'bool', ...spec }) as Extract<ParamSpec, { type: 'bool' }>
/** A choice keeps its option values in its type, so that a model can switch over them exhaustively. */
export const choice = <const V extends string>(
  spec: Omit<SpecInput<'choice'>, 'options' | 'default'> & {
    default: NoInfer<V>
    options: readonly { value: V; label: string; doc?: string }[]
  },
) => paramSpec.parse({ type: 'choice', ...spec }) as Extract<ParamSpec, { type: 'choice' }> & { readonly valueType?: V }

/** The values a model sees, typed by its specs. */
export type ParamsOf<S extends ParamSpecs> = {
  readonly [K in keyof S]: S[K] extends { type: 'bool' }
    ? boolean
    : S[K] extends { type: 'choice'; readonly valueType?: infer V }
      ? NonNullable<V>
      : number
}

/** The defaults of `specs`, complete. */
export function defaultParams(specs: ParamSpecs): Record<string, ParamValue> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default]))
}

/**
 * Completes `given` with defaults and checks everything against `specs`.
 *
 * @param given values by name; text is accepted for every type (the command line has nothing else)
 * @returns either complete values, or *all* issues at once
 */
export function parseParams(
  specs: ParamSpecs,
  given: Readonly<Record<string, unknown>>,
): { ok: true; values: Record<string, ParamValue> } | { ok: false; issues: ParamIssue[] } {
  const values = defaultParams(specs)
  const issues: ParamIssue[] = []
  for (const [name, raw] of Object.entries(given)) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined
    if (!spec) {
      issues.push({ name, message: `There is no parameter "${name}". Known: ${Object.keys(specs).join(', ')}.` })
      continue
    }
    const result = parseOne(spec, raw)
    if ('message' in result) issues.push({ name, message: `${name} ${result.message}` })
    else values[name] = result.value
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, values }
}

/** "0 … 1", with 1e-5 instead of 0.00001; the values of a choice; nothing for a switch. */
export function rangeText(spec: ParamSpec): string {
  if (spec.type === 'bool') return ''
  if (spec.type === 'choice') return spec.options.map((option) => option.value).join(', ')
  const text = (value: number) =>
    value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6) ? value.toExponential().replace('e+', 'e') : String(value)
  return `${text(spec.min)} … ${text(spec.max)}`
}

export function showValue(value: ParamValue): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)
}

function parseOne(spec: ParamSpec, raw: unknown): { value: ParamValue } | { message: string } {
  switch (spec.type) {
    case 'bool':
      if (raw === true || raw === 'true' || raw === 'yes') return { value: true }
      if (raw === false || raw === 'false' || raw === 'no') return { value: false }
      return { message: `must be true or false, not ${show(raw)}.` }
    case 'choice': {
      const known = spec.options.map((option) => option.value)
      return typeof raw === 'string' && known.includes(raw)
        ? { value: raw }
        : { message: `must be one of ${known.join(', ')}, not ${show(raw)}.` }
    }
    case 'int':
    case 'float': {
      const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw
      const kind = spec.type === 'int' ? 'a whole number' : 'a number'
      if (typeof value !== 'number' || !Number.isFinite(value) || (spec.type === 'int' && !Number.isInteger(value))) {
        return { message: `must be ${kind} from ${spec.min} to ${spec.max}, not ${show(raw)}.` }
      }
      return value < spec.min || value > spec.max
        ? { message: `must be ${kind} from ${spec.min} to ${spec.max}, not ${value}.` }
        : { value }
    }
  }
}

function show(raw: unknown): string {
  return typeof raw === 'string' ? `"${raw.slice(0, 60)}"` : String(JSON.stringify(raw)).slice(0, 60)
}
