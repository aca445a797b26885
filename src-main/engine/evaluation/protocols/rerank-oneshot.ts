import { defineProtocol } from '../../core/protocol.ts'

export default defineProtocol({
  id: 'rerank-oneshot',
  title: 'Re-ranking, at once',
  doc: "The candidates are the user's own test items, ordered once from the state before any of them was seen. The difference to the step-by-step protocol is what the feedback was worth.",
  candidates: 'test-items',
  sequential: false,
})
