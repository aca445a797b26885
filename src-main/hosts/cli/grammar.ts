import type { CommandContext } from './session.ts'

/** Makes a command's work an action of commander's. */
export type Does = (
  action: (context: CommandContext, ...args: never[]) => Promise<number>,
) => (...args: unknown[]) => Promise<void>

export const backendHelp =
  "what computes: auto, native, kernels, plain, tfjs-node-gpu, tfjs-webgpu or tfjs-cpu (default: the settings, or the run's own)"

export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}
