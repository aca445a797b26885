import type { EmbeddingMap } from '../../contract/dto/dataset-figures.ts'
import { principalComponents } from '../../engine/core/principal-components.ts'
import { decodeState } from '../../engine/core/state-codec.ts'
import type { InteractionTable } from '../../engine/data/interaction-table.ts'
import { restoreEmbedding } from '../../engine/factorisation/embedding.ts'
import type { StoredEmbedding } from '../../storage/repositories/embeddings.ts'
import type { CatalogueItem } from '../../storage/repositories/items.ts'

/** More points than that lie on top of each other. */
const MOST_POINTS = 4000

/**
 * The most rated items in the plane of the first two principal components of their latent vectors (the reference table's;
 * bias and popularity coordinates are left out, they say how good and how known an item is, not what it is like).
 */
export function mapEmbedding(
  stored: StoredEmbedding,
  table: InteractionTable,
  catalogue: readonly CatalogueItem[],
): EmbeddingMap {
  const { items, latent, width } = restoreEmbedding(decodeState(stored.bytes))
  const counts = new Int32Array(table.itemCount)
  for (const item of table.itemIndex) counts[item]!++
  const rated = Array.from(counts.keys()).filter((item) => counts[item]! > 0)
  const shown = rated.sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, MOST_POINTS)
  const points = new Float64Array(shown.length * latent)
  shown.forEach((item, row) => {
    for (let c = 0; c < latent; c++) points[row * latent + c] = items[item * width + c]!
  })
  const { coordinates, explained } = principalComponents(points, shown.length, latent, 2)
  return {
    key: stored.key,
    explained: [...explained],
    ratedItems: rated.length,
    points: shown.map((item, row) => {
      const { itemId, title, genres } = catalogue[item]!
      const place = { x: short(coordinates[row * 2]!), y: short(coordinates[row * 2 + 1]!) }
      return { itemId, title, genres: [...genres], ratings: counts[item]!, ...place }
    }),
  }
}

/** Five digits: no screen shows more. */
function short(value: number): number {
  return Number(value.toPrecision(5))
}
