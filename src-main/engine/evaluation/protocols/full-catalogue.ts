import { defineProtocol } from '../../core/protocol.ts'

export default defineProtocol({
  id: 'full-catalogue',
  title: 'Whole catalogue',
  doc: 'The candidates are all items that the user has not rated in training, ordered once. Relevant are the test items that the user liked; everything else counts as a miss, also what the user would have liked and never saw.',
  candidates: 'catalogue',
  sequential: false,
})
