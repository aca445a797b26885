import { defineProtocol } from '../../core/protocol.ts'

/**
 * The evaluation of the public code backgom2357/Recommender_system_via_deep_RL, from which the figures of drr-report.txt come
 * (precision@10 .44, NDCG@10 .43): an item counts as a hit when its reward is above 0, precision is divided by k, and NDCG by
 * the gain of k hits.
 */
export default defineProtocol({
  id: 'drr-backgom2357',
  title: 'DRR, convention of backgom2357',
  doc: "The user's first ten test items, in time, are told to the policy with their ratings; then all items that the user has rated neither in training nor among those ten are ordered once. Hits are liked test items. Users with at most ten test items are left out.",
  caution:
    'Not comparable with other protocols, because ten test ratings are told before the list, items that the user never rated count as misses, and NDCG is divided by the gain of k hits, which users with fewer liked test items cannot reach. Nor with figures of the public code, because it tests on users whom training has not seen.',
  candidates: 'catalogue',
  sequential: false,
  told: { items: 10, liked: false, leastLeft: 1 },
  metrics: ['precision-k', 'ndcg-k'],
})
