import type { ModelDescriptor } from '../../../contract/dto/model.ts'
import type { ParamSpec } from '../../../contract/params.ts'
import { engineCatalogue, findModel } from '../../../services/models.ts'
import { exitOk } from '../exit-codes.ts'
import type { CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'

/** Needs no workspace: the models belong to the program. */
export function modelsCommand({ output }: CommandContext, id: string | undefined): Promise<number> {
  const { models } = engineCatalogue()
  if (id === undefined) {
    output.result({ models }, () =>
      textTable(
        ['id', 'kind', 'title', 'presets'],
        models.map((model) => [model.id, model.kind, model.title, model.presets.map((preset) => preset.id).join(', ')]),
      ),
    )
  } else {
    const model = findModel(engineCatalogue(), id)
    output.result({ ...model }, () => modelText(model))
  }
  return Promise.resolve(exitOk)
}

function modelText(model: ModelDescriptor): string {
  const params = Object.entries(model.params).map(([name, spec]) => [name, rangeText(spec), String(spec.default), spec.doc])
  return [
    `${model.id}: ${model.title}`,
    model.summary,
    `Source: ${model.source.title} (${model.source.paper}${model.source.equations ? `, ${model.source.equations}` : ''})`,
    ...model.deviations.map((deviation) => `Differs from it: ${deviation}`),
    '',
    ...model.presets.map(
      (preset) => `Preset ${preset.id}${preset.id === model.defaultPreset ? ' (default)' : ''}: ${preset.title}. ${preset.doc}`,
    ),
    ...(params.length > 0
      ? ['', textTable(['--set NAME=…', 'range', 'default', 'meaning'], params)]
      : ['', 'This model has no parameters.']),
  ].join('\n')
}

function rangeText(spec: ParamSpec): string {
  if (spec.type === 'bool') return 'true, false'
  if (spec.type === 'choice') return spec.options.map((option) => option.value).join(', ')
  return `${spec.min} to ${spec.max}`
}
