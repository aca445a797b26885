import { availableParallelism } from 'node:os'
import { ownRunDefaults } from '../contract/dto/run-defaults.ts'
import { settings as settingsSchema, type Settings } from '../contract/dto/system.ts'
import type { SettingsRepository } from '../storage/repositories/settings.ts'
import { findModel, type EngineCatalogue } from './models.ts'
import { checkProtocols } from './runs/plan-runs.ts'

/** What holds until a person changes it. */
export function defaultSettings(): Settings {
  return {
    theme: 'system',
    // A third run would slow the first two on most machines and the window on all.
    concurrentRuns: Math.min(2, availableParallelism()),
    csvFormulaGuard: true,
    backend: 'auto',
    threads: 'auto',
    // Another executor rounds differently: whoever wants reproducible figures wants to be asked.
    allowFallback: false,
    ...ownRunDefaults,
  }
}

/** @returns the stored settings over the defaults; a stored value that no longer fits its schema counts as never set */
export async function getSettings(repository: SettingsRepository): Promise<Settings> {
  const stored = await repository.all()
  const valid = Object.entries(settingsSchema.shape).filter(([key, schema]) => schema.safeParse(stored[key]).success)
  return settingsSchema.parse({ ...defaultSettings(), ...Object.fromEntries(valid.map(([key]) => [key, stored[key]])) })
}

/**
 * Changes what `change` names and leaves the rest. @returns all settings afterwards
 *
 * @throws PalateError MODEL_NOT_FOUND or INPUT_INVALID for a default model or protocol that this engine does not have
 */
export async function setSettings(
  repository: SettingsRepository,
  change: { readonly [K in keyof Settings]?: Settings[K] | undefined },
  catalogue: EngineCatalogue,
): Promise<Settings> {
  if (change.defaultModel !== undefined) findModel(catalogue, change.defaultModel)
  if (change.defaultProtocols !== undefined) checkProtocols(change.defaultProtocols, catalogue)
  await repository.set(change)
  return getSettings(repository)
}
