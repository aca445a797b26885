import * as z from 'zod'
import { errorRecord } from '../../contract/errors.ts'

/** How the engine process is told what to own. No secret is among it: what reaches a child may be read by other children. */
export const engineOptions = z.object({
  workspaceDir: z.string().min(1),
  host: z.enum(['electron', 'web']),
  version: z.string(),
  trainerEntry: z.string(),
})
export type EngineOptions = z.infer<typeof engineOptions>

const portId = z.int().min(1)
const frame = z.union([z.string(), z.instanceof(Uint8Array), z.instanceof(ArrayBuffer)])

/**
 * Launcher to engine. Ports are numbered and multiplexed over Node's IPC channel; under Electron `connect` brings a real
 * message port instead and the other port messages are not used.
 */
export const toEngine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), options: engineOptions }),
  z.object({ kind: z.literal('connect') }),
  z.object({ kind: z.literal('open'), port: portId }),
  z.object({ kind: z.literal('frame'), port: portId, data: frame }),
  z.object({ kind: z.literal('close'), port: portId }),
  /** The receiver of this port's frames is slow: hold them back until `resume`. */
  z.object({ kind: z.literal('pause'), port: portId }),
  z.object({ kind: z.literal('resume'), port: portId }),
  z.object({ kind: z.literal('shutdown') }),
])
export type ToEngine = z.infer<typeof toEngine>

/** Engine to launcher. */
export const fromEngine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('failed'), error: errorRecord }),
  z.object({ kind: z.literal('frame'), port: portId, data: frame }),
  z.object({ kind: z.literal('close'), port: portId }),
  z.object({ kind: z.literal('log'), level: z.enum(['info', 'error']), text: z.string() }),
])
export type FromEngine = z.infer<typeof fromEngine>
