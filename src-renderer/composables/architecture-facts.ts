import type { Architecture } from '../../src-main/contract/dto/architecture.ts'
import { formatBytes, formatInt } from './format.ts'

/** 780 · 12.3 k · 31.6 M · 2.10 G, with the unit of operations. */
export function showFlops(flops: number): string {
  if (flops < 1000) return `${formatInt(flops)} FLOP`
  const units = ['kFLOP', 'MFLOP', 'GFLOP', 'TFLOP']
  const unit = Math.min(units.length, Math.floor(Math.log10(flops) / 3))
  return `${(flops / 1000 ** unit).toPrecision(3)} ${units[unit - 1]}`
}

export interface Fact {
  readonly label: string
  readonly value: string
  readonly note?: string
}

/** The figures beside the drawing. */
export function architectureFacts(drawn: Architecture): Fact[] {
  const facts: Fact[] = [{ label: drawn.network ? 'Parameters' : 'Fitted numbers', value: formatInt(drawn.parameters) }]
  const tables = drawn.network ? drawn.tables.reduce((sum, { count }) => sum + count, 0) : 0
  if (tables > 0) facts[0] = { ...facts[0]!, note: `and ${formatInt(tables)} in fitted vectors` }
  if (drawn.flopsPerUpdate !== null) {
    facts.push({
      label: 'An update',
      value: showFlops(drawn.flopsPerUpdate),
      note: `${formatInt(drawn.updates)} of them, batches of ${formatInt(drawn.batchSize ?? 1)}`,
    })
  } else if (drawn.updates > 0) facts.push({ label: 'Passes', value: formatInt(drawn.updates) })
  if (drawn.flopsPerAct !== null) {
    facts.push({ label: 'A recommendation', value: showFlops(drawn.flopsPerAct), note: 'scores of all items' })
  }
  return facts
}

/** Parts of the memory with their share of the whole, the largest first. */
export function memoryParts({ memory }: Pick<Architecture, 'memory'>): { part: string; text: string; share: number }[] {
  const all = memory.reduce((sum, { bytes }) => sum + bytes, 0)
  return [...memory]
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ part, bytes }) => ({ part, text: formatBytes(bytes), share: all === 0 ? 0 : bytes / all }))
}
