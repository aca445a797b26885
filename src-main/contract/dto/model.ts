import * as z from 'zod'
import { paramSpec, paramValues } from '../params.ts'

/** What a model must be given: rated pairs, ordered transitions with feedback, item features … */
export const modelNeed = z.enum(['ratings', 'transitions', 'item-embeddings', 'test-ratings', 'side-features', 'time-order'])
export type ModelNeed = z.infer<typeof modelNeed>

export const presetDescriptor = z.object({
  id: z.string(),
  title: z.string(),
  doc: z.string(),
  /** Only what differs from the defaults. */
  values: paramValues,
})

/** A model as the renderer, the command line and the docs see it: plain data. */
export const modelDescriptor = z.object({
  id: z.string(),
  version: z.int(),
  title: z.string(),
  summary: z.string(),
  /** "policy" adapts within an episode; "static" orders once; "floor" and "ceiling" frame every table. */
  kind: z.enum(['policy', 'static', 'floor', 'ceiling']),
  needs: z.array(modelNeed),
  source: z.object({ paper: z.string(), title: z.string(), equations: z.string().optional() }),
  deviations: z.array(z.string()),
  params: z.record(z.string(), paramSpec),
  presets: z.array(presetDescriptor),
  defaultPreset: z.string(),
  /** Names of the metric points it streams while training, with axis label and unit. */
  curves: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      unit: z.string().optional(),
      scale: z.enum(['linear', 'log']).default('linear'),
    }),
  ),
})
export type ModelDescriptor = z.infer<typeof modelDescriptor>
