import { PalateError } from '../../../contract/errors.ts'
import type { LiveModel, MetViewer } from '../../core/live-model.ts'
import type { Scorer } from '../../core/model.ts'
import type { Policy } from '../../core/policy.ts'
import type { StateTree } from '../../core/state-codec.ts'

const noGuests = (): PalateError =>
  new PalateError(
    'DATA_UNSUITABLE',
    'This model knows the users of its data set and nobody else. Choose one of them, or a run of an actor-critic or Q-network, which can meet strangers.',
    { reason: 'the model cannot meet a guest' },
  )

const nothing = { learn: null, values: null, vectors: null, probe: null, legacy: null } as const
const noHistory = { positive: null, negative: null } as const

/** A model that orders once: answers change nothing but which items are left. */
export function liveScorer(scorer: Scorer): LiveModel {
  let user = 0
  return {
    ...nothing,
    limits: ['This model orders once and does not follow answers.'],
    begin(viewer) {
      user = userOf(viewer, scorer.sameForAll !== true)
    },
    score: (items, count, out) => scorer.score(user, items, count, out),
    observe: () => undefined,
    history: () => noHistory,
    save: () => ({ user }),
    restore(saved) {
      user = Number(saved['user'])
    },
  }
}

function userOf(viewer: MetViewer, knowsUsers: boolean): number {
  if (viewer.kind === 'user') return viewer.userIndex
  if (knowsUsers) throw noGuests()
  return 0
}

/** A policy as evaluation uses it: it follows answers by its own rules. It is played again from the start to go back. */
export function livePolicy(policy: Policy): LiveModel {
  const slots = Int32Array.of(0)
  let user = 0
  let seen: { item: number; rating: number }[] = []
  const start = (userIndex: number) => {
    user = userIndex
    seen = []
    policy.begin(0, userIndex)
    policy.act(slots, 1)
  }
  const observe = (item: number, rating: number) => {
    policy.observe(0, item, rating)
    seen.push({ item, rating })
    policy.act(slots, 1)
  }
  return {
    ...nothing,
    limits: ['This model follows answers by its own rules; it shows no values and makes no gradient updates in a session.'],
    begin: (viewer) => start(userOf(viewer, true)),
    score: (items, count, out) => policy.score(0, items, count, out),
    observe(item, rating) {
      if (rating !== null) observe(item, rating)
    },
    history: () => noHistory,
    save: (): StateTree => ({
      user,
      items: Int32Array.from(seen, ({ item }) => item),
      ratings: Float64Array.from(seen, ({ rating }) => rating),
    }),
    restore(saved) {
      const items = saved['items'] as Int32Array
      const ratings = saved['ratings'] as Float64Array
      start(Number(saved['user']))
      items.forEach((item, at) => observe(item, ratings[at]!))
    },
  }
}
