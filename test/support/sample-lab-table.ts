import type { InteractionTable } from '../../src-main/engine/data/interaction-table.ts'
import { makeSampleLab } from '../../src-main/engine/data/sample-lab/sample-lab.ts'
import { sideFeaturesOf } from '../../src-main/engine/data/side-features.ts'

/** The sample lab as the engine gets it: films of genres, and users with tastes for them. */
export function sampleLabTable(seed = 1): InteractionTable {
  const { users, items, ...columns } = makeSampleLab(seed)
  const { userIndex, itemIndex, rating, time, timeKind, scale } = columns
  const features = sideFeaturesOf({ users: users.map(() => ({ attributes: null })), items })
  return {
    size: rating.length,
    userCount: users.length,
    itemCount: items.length,
    userIndex,
    itemIndex,
    rating,
    time,
    timeKind,
    scale,
    features,
  }
}
