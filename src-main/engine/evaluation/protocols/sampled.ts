import { defineProtocol } from '../../core/protocol.ts'

export default defineProtocol({
  id: 'sampled',
  title: 'Sampled, 1 + 99',
  doc: 'One liked test item of each user among 99 items that the user never rated, ordered once: for comparison with papers that score so.',
  caution:
    'Not comparable with other protocols, because a drawn sample favours popular items, and models may change places on the whole catalogue. Compare with other 1 + 99 figures only.',
  candidates: 'sample',
  sequential: false,
})
