import * as z from 'zod'

export const protocolDescriptor = z.object({
  id: z.string(),
  title: z.string(),
  doc: z.string(),
  sequential: z.boolean(),
})
export type ProtocolDescriptor = z.infer<typeof protocolDescriptor>

export const metricDescriptor = z.object({
  id: z.string(),
  title: z.string(),
  doc: z.string(),
  formula: z.string(),
})
export type MetricDescriptor = z.infer<typeof metricDescriptor>
