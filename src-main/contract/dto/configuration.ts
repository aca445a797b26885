import * as z from 'zod'
import { paramValues } from '../params.ts'

export const configurationName = z.string().trim().min(1).max(200)

/** What is configured: a model with complete values, and the preset from which they are told apart. */
export const configurationContent = z.object({
  model: z.string(),
  modelVersion: z.int(),
  preset: z.string(),
  params: paramValues,
})
export type ConfigurationContent = z.infer<typeof configurationContent>

export const configurationVersion = configurationContent.extend({
  /** From 1. */
  version: z.int(),
  at: z.int(),
})
export type ConfigurationVersion = z.infer<typeof configurationVersion>

export const configurationSummary = z.object({
  id: z.int(),
  name: z.string(),
  createdAt: z.int(),
  changedAt: z.int(),
  /** Of the latest version. */
  model: z.string(),
  /** The latest one. */
  version: z.int(),
})
export type ConfigurationSummary = z.infer<typeof configurationSummary>

/** With all its versions, the latest first. */
export const configurationDetail = configurationSummary.extend({ versions: z.array(configurationVersion) })
export type ConfigurationDetail = z.infer<typeof configurationDetail>

/** The version of the file's own form, not of what is in it. */
export const configurationFileVersion = 1

/** A configuration as a file that another workspace reads. Fields that are not known are refused: they would be lost in silence. */
export const configurationFile = z.strictObject({
  palateConfiguration: z.literal(configurationFileVersion),
  name: configurationName,
  model: z.string(),
  modelVersion: z.int(),
  preset: z.string(),
  params: z.record(z.string(), z.unknown()),
})

/** What differs between two configurations; a side without the parameter has undefined. */
export interface ConfigurationDifference {
  readonly name: string
  readonly left: string | number | boolean | undefined
  readonly right: string | number | boolean | undefined
}

/** Only the differences, the parameters of the left one first; model and preset are parameters here. */
export function configurationDifferences(left: ConfigurationContent, right: ConfigurationContent): ConfigurationDifference[] {
  const flat = ({ model, preset, params }: ConfigurationContent) => ({ model, preset, ...params })
  const [a, b]: Record<string, string | number | boolean>[] = [flat(left), flat(right)]
  return [...new Set([...Object.keys(a!), ...Object.keys(b!)])].flatMap((name) =>
    a![name] === b![name] ? [] : [{ name, left: a![name], right: b![name] }],
  )
}
