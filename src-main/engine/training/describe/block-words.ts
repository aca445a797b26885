import type { BlockKind } from '../../../contract/dto/architecture.ts'
import type { GraphNode } from '../../compute/types.ts'

interface BlockWords {
  readonly title: string
  readonly kind: BlockKind
}

const known: Readonly<Record<string, BlockWords>> = {
  'input.user': { title: 'User vector', kind: 'input' },
  'input.positive': { title: 'Liked items', kind: 'input' },
  'input.negative': { title: 'Disliked items', kind: 'input' },
  'input.candidates': { title: 'Candidates', kind: 'input' },
  'input.base': { title: 'Linear base', kind: 'input' },
  'input.history': { title: 'Items read', kind: 'input' },
  state: { title: 'State', kind: 'join' },
  'actor.sum': { title: 'Sum of actions', kind: 'join' },
  'actor.residual': { title: 'Action with base', kind: 'actor' },
  'actor.joint': { title: 'Actor', kind: 'actor' },
  'actor.choice': { title: 'Soft choice', kind: 'actor' },
  critic: { title: 'Critic', kind: 'critic' },
  'critic.baseWeight': { title: 'Value with base', kind: 'output' },
  'q.joint': { title: 'Joint layers', kind: 'critic' },
  'q.baseWeight': { title: 'Value with base', kind: 'output' },
  ranking: { title: 'Ranking', kind: 'output' },
  vectors: { title: 'Vectors of fields', kind: 'input' },
  linear: { title: 'Weights of fields', kind: 'input' },
  pairs: { title: 'Pairs of fields', kind: 'join' },
  deep: { title: 'Deep layers', kind: 'critic' },
  attention: { title: 'Attention over pairs', kind: 'encoder' },
  gru: { title: 'Recurrent unit', kind: 'encoder' },
  scores: { title: 'Scores', kind: 'output' },
}

const sides: Readonly<Record<string, string>> = { positive: 'likes', negative: 'dislikes' }

/** What a block is called for people, and what it is to them. A model's own block keeps its name. */
export function blockWords(id: string): BlockWords {
  const fixed = known[id]
  if (fixed) return fixed
  const parts = id.split('.')
  const side = sides[parts[1] ?? '']
  const last = parts.at(-1)!
  if (last === 'gru') return { title: 'Gated recurrent unit', kind: 'encoder' }
  if (last === 'encoder') return { title: side ? `Encoder of ${side}` : 'Encoder', kind: 'encoder' }
  if (side && parts[0] === 'q') return { title: `First layer, ${side}`, kind: 'critic' }
  if (side) return { title: `Actor of ${side}`, kind: 'actor' }
  return { title: id, kind: 'join' }
}

const activations: Readonly<Record<string, string>> = { relu: 'ReLU', tanh: 'tanh', sigmoid: 'sigmoid' }

const ops: Readonly<Record<string, string>> = {
  gather: 'Look up',
  matmul: 'Product',
  softmax: 'Softmax',
  logSoftmax: 'Log-softmax',
  weightedSum: 'Weighted sum',
  rowDot: 'Inner products',
  addRows: 'Sum',
  scaleRows: 'Scale by row',
  expandRows: 'Repeat',
  sumRows: 'Sum over places',
  maxRows: 'Maximum over places',
  concat: 'Join',
  slice: 'Part',
  expandLast: 'Repeat',
  expandLeading: 'Repeat',
  sumLast: 'Sum',
  add: 'Sum',
  sub: 'Difference',
  mul: 'Product by element',
  scale: 'Scale',
  addScalar: 'Shift',
  where: 'Choose',
  copy: 'Copy',
}

/** What a computation is called for people; an op without a word of its own keeps its name. */
export function layerTitle(node: GraphNode): string {
  if (node.op === 'linear') {
    const { activation = 'none' } = node.attributes
    return activation === 'none' ? 'Linear' : `Linear, ${activations[activation] ?? activation}`
  }
  const { kind } = node.attributes
  if (kind !== undefined) return activations[kind] ?? kind
  return ops[node.op] ?? node.op
}
