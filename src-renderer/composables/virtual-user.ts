import type { ParamSpecs } from '../../src-main/contract/params.ts'

/** A trait of a virtual user as a slider; what it does, and what its default is, the simulator's own declaration says. */
export interface Trait {
  readonly name: string
  readonly label: string
  readonly doc: string
  readonly symbol: string
  readonly min: number
  readonly max: number
  readonly step: number
  readonly default: number
  /** What the ends mean. */
  readonly ends: readonly [low: string, high: string]
}

/** Settings that differ from the defaults. */
export type TraitValues = Readonly<Record<string, number>>

/** The stretch of each trait that a slider covers: the command line takes the whole range. */
const looks = {
  mixture: { label: 'Breadth of taste', min: 1, max: 10, step: 1, ends: ['one thing', 'many things'] },
  clickBase: { label: 'Readiness to click', min: -6, max: 0, step: 0.1, ends: ['choosy', 'easily pleased'] },
  boredom: { label: 'Boredom', min: 0, max: 8, step: 0.1, ends: ['never', 'soon'] },
  leaveBase: { label: 'Readiness to leave', min: -8, max: -1, step: 0.1, ends: ['stays', 'runs off'] },
  drift: { label: 'Drift of taste', min: 0, max: 1, step: 0.02, ends: ['steadfast', 'follows clicks'] },
  dislikeBelow: { label: 'Says dislike', min: -1, max: 1, step: 0.05, ends: ['never', 'at every skip'] },
} as const

/** The traits that the simulator has, in the order in which they are shown. */
export function traitsOf(specs: ParamSpecs): Trait[] {
  return Object.entries(looks).flatMap(([name, look]) => {
    const spec = specs[name]
    if (spec?.type !== 'float' && spec?.type !== 'int') return []
    return [{ name, ...look, doc: spec.doc, symbol: spec.symbol ?? '', default: spec.default }]
  })
}

/** The values with one of them changed: what stands at its default is left out, so that it stays the default of later versions. */
export function withTrait(values: TraitValues, trait: Trait, value: number): TraitValues {
  const { [trait.name]: _, ...others } = values
  return value === trait.default ? others : { ...others, [trait.name]: value }
}

export function traitText(trait: Trait, value: number): string {
  return trait.step >= 1 ? String(value) : value.toFixed(trait.step < 0.1 ? 2 : 1).replace('-', '−')
}
