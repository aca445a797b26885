import type { ItemVectors } from '../core/live-model.ts'

/** Cosine of two items' vectors, -1 to 1; 0 where one of them is all zeros: nothing is known of it. */
export function cosine({ width, latent, values }: ItemVectors, a: number, b: number): number {
  let dot = 0
  let squaresA = 0
  let squaresB = 0
  for (let c = 0; c < latent; c++) {
    const x = values[a * width + c]!
    const y = values[b * width + c]!
    dot += x * y
    squaresA += x * x
    squaresB += y * y
  }
  return squaresA === 0 || squaresB === 0 ? 0 : dot / Math.sqrt(squaresA * squaresB)
}

export interface Neighbour {
  readonly item: number
  readonly similarity: number
}

/** The item among `others` that is most like `item`; null where there is none, or none that it is like at all. */
export function nearest(vectors: ItemVectors, item: number, others: readonly number[]): Neighbour | null {
  let best: Neighbour | null = null
  for (const other of others) {
    const similarity = cosine(vectors, item, other)
    if (similarity > 0 && (!best || similarity > best.similarity)) best = { item: other, similarity }
  }
  return best
}

/** Mean of 1 - cosine over all pairs: 0 where all are alike; null below two items. */
export function diversity(vectors: ItemVectors, items: readonly number[]): number | null {
  if (items.length < 2) return null
  let sum = 0
  let pairs = 0
  for (let a = 0; a < items.length; a++) {
    for (let b = a + 1; b < items.length; b++, pairs++) sum += 1 - cosine(vectors, items[a]!, items[b]!)
  }
  return sum / pairs
}
