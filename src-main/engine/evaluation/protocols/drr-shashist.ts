import { defineProtocol } from '../../core/protocol.ts'

/**
 * The evaluation of the public code shashist/recsys-rl: hit rate and NDCG of one liked item among a hundred, where items of the
 * training side may stand among the other 99. The code acts for all lists from one user's state; here each user has their own.
 */
export default defineProtocol({
  id: 'drr-shashist',
  title: 'DRR, convention of shashist',
  doc: 'Each liked test item stands in a list of its own among 99 items drawn from all that are no liked test items of the user, those rated in training included, and the list is ordered once. A user counts as the mean of their lists.',
  caution:
    'Not comparable with other protocols, because one item is looked for among 99 drawn ones, which favours popular items, and because items of the training side are drawn as well, some of them liked. Nor with figures of the public code, because it averages over lists and not over users, and acts for all of them from the state of one user.',
  candidates: 'liked-samples',
  sequential: false,
  metrics: ['hit-rate', 'ndcg-binary'],
})
