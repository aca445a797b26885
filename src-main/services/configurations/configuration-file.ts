import { configurationFile, configurationFileVersion, type ConfigurationContent } from '../../contract/dto/configuration.ts'
import { PalateError } from '../../contract/errors.ts'
import { findModel, type EngineCatalogue } from '../models.ts'
import { completeParams, findPreset } from '../runs/plan-runs.ts'

/** As a file: everything that another workspace needs to have the same model. */
export function configurationText(name: string, { model, modelVersion, preset, params }: ConfigurationContent): string {
  const file = { palateConfiguration: configurationFileVersion, name, model, modelVersion, preset, params }
  return `${JSON.stringify(file, undefined, 2)}\n`
}

/**
 * Reads such a file.
 * @throws PalateError INPUT_INVALID (no JSON, fields that are missing or not known, another version of the file or of the model),
 *         MODEL_NOT_FOUND, PRESET_NOT_FOUND, PARAMS_INVALID
 */
export function readConfiguration(text: string, catalogue: EngineCatalogue): { name: string; content: ConfigurationContent } {
  const raw = parsed(text)
  const found = typeof raw === 'object' && raw !== null && 'palateConfiguration' in raw ? raw.palateConfiguration : undefined
  if (found === undefined)
    throw invalid(
      '',
      'This is no configuration of Palate: it has no field "palateConfiguration". Choose a file that the builder has exported.',
    )
  if (found !== configurationFileVersion) {
    const version = JSON.stringify(found).slice(0, 40)
    throw invalid(
      'palateConfiguration',
      `This configuration is of version ${version}, and this Palate reads version ${configurationFileVersion}. Import it with the Palate that it was exported from.`,
    )
  }
  const read = configurationFile.safeParse(raw)
  if (!read.success) {
    const issues = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    const told = issues.slice(0, 5).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    throw new PalateError(
      'INPUT_INVALID',
      `This configuration cannot be read. ${told.join('. ')}. Correct the file, or export it again.`,
      { issues },
    )
  }
  const { name, preset: presetId, params, modelVersion } = read.data
  const model = findModel(catalogue, read.data.model)
  if (modelVersion !== model.version) {
    throw invalid(
      'modelVersion',
      `This configuration is for version ${modelVersion} of ${model.title}, and this Palate has version ${model.version}: the same values would train another model. Import it with the Palate that it was exported from.`,
    )
  }
  const preset = findPreset(model, presetId)
  const values = completeParams(model, preset.values, { params, updates: undefined })
  return { name, content: { model: model.id, modelVersion, preset: preset.id, params: values } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw invalid('', 'This file is no JSON, so it cannot be a configuration. Choose a file that the builder has exported.')
  }
}

function invalid(path: string, message: string): PalateError {
  return new PalateError('INPUT_INVALID', message, { issues: [{ path, message }] })
}
