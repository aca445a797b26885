import { defineProtocol } from '../../core/protocol.ts'

export default defineProtocol({
  id: 'rerank-sequential',
  title: 'Re-ranking, step by step',
  doc: "The candidates are the user's own test items. The policy recommends one, the logged rating comes back and updates its state, and so on; the resulting order is scored. Static models are scored by their one order.",
  candidates: 'test-items',
  sequential: true,
})
