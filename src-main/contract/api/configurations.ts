import * as z from 'zod'
import { configurationDetail, configurationName, configurationSummary } from '../dto/configuration.ts'
import { procedure } from './base.ts'

const configurationRef = z.object({ configurationId: z.int() })
/** What is left out of the values is the preset's. */
const given = z.object({ model: z.string(), preset: z.string(), params: z.record(z.string(), z.unknown()).default({}) })

export const configurationsApi = {
  /** All configurations, the one changed last first. */
  list: procedure.output(z.array(configurationSummary)),
  get: procedure.input(configurationRef).output(configurationDetail),
  /** A new one, whose first version this is. */
  save: procedure.input(given.extend({ name: configurationName })).output(configurationDetail),
  /** A new version of one that is there; the same values as in the latest make none. */
  saveVersion: procedure.input(configurationRef.extend(given.shape)).output(configurationDetail),
  rename: procedure.input(configurationRef.extend({ name: configurationName })).output(configurationDetail),
  /** Another one with the values of a version, by default the latest, under a name that is free. */
  duplicate: procedure.input(configurationRef.extend({ version: z.int().optional() })).output(configurationDetail),
  /** It can be had back for so long; then it is gone. */
  remove: procedure.input(configurationRef).output(z.object({ removed: z.boolean(), undoMs: z.int() })),
  restore: procedure.input(configurationRef).output(configurationDetail),
  /** A version, by default the latest, as the text of a JSON file. */
  exportJson: procedure
    .input(configurationRef.extend({ version: z.int().optional() }))
    .output(z.object({ name: z.string(), text: z.string() })),
  /** Makes one from the text of such a file; a name that is taken gets a number. */
  importJson: procedure.input(z.object({ text: z.string().max(1_000_000) })).output(configurationDetail),
}
