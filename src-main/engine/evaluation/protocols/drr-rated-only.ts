import { defineProtocol } from '../../core/protocol.ts'

/**
 * The offline test of DRR (its algorithm 2) as the public code irskid5/drr_restaurants runs it: only rated items are candidates,
 * the history starts with the first liked test items. That code leaves them among the candidates, so that a policy may
 * recommend what it was told; here they are taken out.
 */
export default defineProtocol({
  id: 'drr-rated-only',
  title: 'DRR, rated items only',
  doc: "The user's first five liked test items, in time, are told to the policy with their ratings; then it recommends the other test items one by one, and the logged rating updates its state. Users with fewer than five liked test items, or fewer than ten others, are left out.",
  caution:
    'Not comparable with other protocols, because five liked test items are told before the list, and because only users with many test items count. Nor with figures of the public code, because it may recommend what it was told.',
  candidates: 'test-items',
  sequential: true,
  told: { items: 5, liked: true, leastLeft: 10 },
  metrics: ['precision-k', 'reward'],
})
