import { availableParallelism, cpus, totalmem } from 'node:os'

/** Where a benchmark ran. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly node: string
  /** Bytes. */
  readonly memory: number
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.versions.node,
    memory: totalmem(),
  }
}

/** In words: for the head of a report. */
export function machineText({ cpu, cores, memory, node }: Machine): string {
  return `${cpu}, ${cores} CPUs, ${(memory / 2 ** 30).toFixed(0)} GiB, Node ${node}`
}
