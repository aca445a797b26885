import * as z from 'zod'
import { paramValues } from '../params.ts'
import { verdict } from './evaluation.ts'

/** As many runs as one call names. */
export const manyRuns = z.array(z.int()).min(1).max(20_000)

/** One figure of a run's own model. */
export const figureName = z.object({
  protocol: z.string(),
  /** "full-length": only users with at least k candidates. */
  subset: z.enum(['all', 'full-length']),
  k: z.int(),
  metric: z.string(),
})
export type FigureName = z.infer<typeof figureName>

/** One figure of many runs, as columns of equal length; runs without it have no place there. */
export const figureColumn = z.object({ runIds: z.array(z.int()), values: z.array(z.number()) })
export type FigureColumn = z.infer<typeof figureColumn>

/** What runs were made with, each configuration told once. */
export const runSettings = z.object({
  configurations: z.array(z.object({ id: z.int(), params: paramValues })),
  runs: z.array(z.object({ id: z.int(), configuration: z.int(), executor: z.string() })),
})
export type RunSettings = z.infer<typeof runSettings>

/** How the table of runs was left: kept with the workspace. */
export const runTableView = z.object({
  /** Ids of the columns in their order. */
  columns: z.array(z.string().max(300)).max(200),
  grouped: z.boolean(),
  /** The run that others are measured against. */
  baseline: z.int().nullable(),
})
export type RunTableView = z.infer<typeof runTableView>

/** A line of the table: one run, or the runs of one group. */
const tableLine = z.object({ key: z.string().max(300), runIds: z.array(z.int()).min(1).max(200) })

export const againstBaselineInput = z.object({
  baseline: z.array(z.int()).min(1).max(200),
  lines: z.array(tableLine).min(1).max(60),
  figure: figureName,
})

/** A line measured against the baseline, user by user over the splits and seeds that both have. */
export const againstBaseline = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('tested'),
    key: z.string(),
    /** Mean of the line minus mean of the baseline. */
    difference: z.number(),
    /** 95 % bootstrap interval; null below two users. */
    low: z.number().nullable(),
    high: z.number().nullable(),
    users: z.int(),
    /** Splits and seeds that both have. */
    trials: z.int(),
    /** After Holm's correction for the lines that were asked for together. */
    correctedP: z.number().nullable(),
    verdict,
  }),
  z.object({ kind: z.literal('untested'), key: z.string(), reason: z.string() }),
])
export type AgainstBaseline = z.infer<typeof againstBaseline>
