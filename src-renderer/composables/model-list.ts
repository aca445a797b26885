import { feedbackTexts, modelFamily, modelFamilyTitles, type ModelDescriptor } from '../../src-main/contract/dto/model.ts'
import { defaultParams, showValue, type ParamSpec } from '../../src-main/contract/params.ts'
import type { ProtocolDescriptor } from '../../src-main/contract/dto/evaluation.ts'
import { humanise } from './format.ts'

export interface ModelGroup {
  readonly title: string
  readonly models: readonly ModelDescriptor[]
}

/** Models by family, in the order of the families; families without a model are left out. */
export function groupModels(models: readonly ModelDescriptor[]): ModelGroup[] {
  return modelFamily.options.flatMap((family) => {
    const members = models.filter((model) => model.family === family)
    return members.length === 0 ? [] : [{ title: modelFamilyTitles[family], models: members }]
  })
}

/** Every word must occur in what a model says of itself. */
export function filterModels(models: readonly ModelDescriptor[], text: string): ModelDescriptor[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return models.filter((model) => {
    const hay = [
      model.id,
      model.title,
      model.summary,
      modelFamilyTitles[model.family],
      feedbackTexts[model.feedback].title,
      model.source.paper,
      model.source.title,
    ]
      .join(' ')
      .toLowerCase()
    return words.every((word) => hay.includes(word))
  })
}

export interface PresetLine {
  readonly name: string
  readonly label: string
  readonly spec: ParamSpec
  /** One for each preset, in their order; `own` where the preset says it, otherwise it is the default. */
  readonly values: readonly { readonly text: string; readonly own: boolean }[]
}

/** What any preset sets, a line for each such parameter. */
export function presetLines({ params, presets }: ModelDescriptor): PresetLine[] {
  const defaults = defaultParams(params)
  return Object.entries(params)
    .filter(([name]) => presets.some((preset) => name in preset.values))
    .map(([name, spec]) => ({
      name,
      label: humanise(name),
      spec,
      values: presets.map(({ values }) => ({ text: showValue(values[name] ?? defaults[name]!), own: name in values })),
    }))
}

/** How a protocol scores a model: only a policy can answer what comes back, and only where something does. */
export function scoredHow(model: Pick<ModelDescriptor, 'kind'>, { sequential }: ProtocolDescriptor): string {
  return model.kind === 'policy' && sequential ? 'Answers what comes back, one item at a time' : 'Orders the candidates once'
}
