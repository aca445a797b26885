import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encoderOf, type EncoderKind } from '../../../../src-main/engine/blocks/state-encoder.ts'
import { createArena } from '../../../../src-main/engine/compute/arena.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { GraphError } from '../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { expectClose } from '../compute/support/compare.ts'

const options = { hidden: 2, pooling: 'sum' } as const
const kinds: EncoderKind[] = ['concat', 'pairwise', 'user-pairwise', 'average', 'max', 'attention', 'gru-attention']
const masked: EncoderKind[] = ['average', 'max', 'attention', 'gru-attention']

type Vector = readonly number[]

interface Encoded {
  readonly state: number[]
  readonly weights: number[] | null
}

/**
 * The state of one user whose list holds `items`, newest first, in n places.
 * @param weights parameters by their name without the prefix; the others are drawn at random
 * @param behind what stands in places without an item; zeros in truth
 */
function encode(
  kind: EncoderKind,
  user: Vector,
  items: readonly Vector[],
  n: number,
  weights: Readonly<Record<string, Vector>>,
  behind = 0,
): Encoded {
  const g = new GraphBuilder('test')
  const k = user.length
  const side = { items: g.input('items', [1, n, k]), mask: g.input('mask', [1, n]), empty: g.input('empty', [1, n]) }
  const drawn = encoderOf(kind, options)(g, 'encoder', g.input('user', [1, k]), side)
  g.output('state', drawn.state)
  if (drawn.weights) g.output('weights', drawn.weights)
  const graph = g.build()
  const arena = createArena(graph.parameters)
  const rng = Rng.stream(7, 'weights')
  for (const { name } of arena.entries) {
    const view = arena.view(name)
    view.set(weights[name.replace('encoder.', '')] ?? Array.from(view, () => rng.normal()))
  }
  const values = new Float32Array(n * k).fill(items.length === 0 ? 0 : behind)
  values.set(items.flat())
  const place = (of: (i: number) => boolean) => Float32Array.from({ length: n }, (_, i) => (of(i) ? 1 : 0))
  const inputs = {
    user: Float32Array.from(user),
    items: values,
    mask: place((i) => i < Math.max(1, items.length)),
    empty: place((i) => i === 0 && items.length === 0),
  }
  const outputs = plainExecutor.compile(graph).run({ inputs, parameters: [arena] })
  return { state: [...outputs.view('state')], weights: drawn.weights ? [...outputs.view('weights')] : null }
}

const user = [2, -1]
const first = [1, 2]
const second = [3, -1]
const emptyItem = [10, 20]

describe('by hand, two items in three places', () => {
  const known = { emptyItem, placeWeights: [1, 2, -1] }
  // Weighted by place: [1, 2], [6, -2] and, where no item is, -[10, 20].
  const products = [6, -4, -60, 40, -10, -40]

  it.each<[EncoderKind, Vector]>([
    ['concat', [1, 2, 3, -1, 10, 20]],
    ['pairwise', [1, 2, 6, -2, -10, -20, ...products]],
    ['user-pairwise', [2, -2, 12, 2, -20, 20, ...products]],
    // ([1, 2] + [6, -2]) / 2
    ['average', [2, -1, 7, 0, 3.5, 0]],
    ['max', [2, -1, 6, -2, 3, 2]],
  ])('%s gives %j', (kind, expected) => {
    expectClose(encode(kind, user, [first, second], 3, known).state, expected, kind, 1e-6)
  })

  it('attention that finds all items alike is their mean', () => {
    const { state, weights } = encode('attention', user, [first, second], 3, { ...known, scoreWeight: [0, 0] })
    expect(state).toEqual([2, -1, 4, -0.5, 2, 0.5])
    expect(weights).toEqual([0.5, 0.5, 0])
  })

  it('attention weighs by the user and the item: e = relu([u, i] W)', () => {
    // Hidden unit 1 sees u1 + i1, unit 2 nothing: e = 2 + 1 and 2 + 3, weights 1 / (1 + e^2) and its complement.
    const chosen = { userWeight: [1, 0, 0, 0], itemWeight: [1, 0, 0, 0], hiddenBias: [0, 0], scoreWeight: [1, 0] }
    const { weights } = encode('attention', user, [first, second], 3, { ...known, ...chosen })
    expectClose(weights!, [0.119203, 0.880797, 0], 'weights', 1e-5)
  })
})

describe('by hand, an empty list in three places holds the learned vector', () => {
  const known = { emptyItem, placeWeights: [1, 2, -1] }
  it.each<[EncoderKind, Vector]>([
    ['concat', [10, 20, 10, 20, 10, 20]],
    ['pairwise', [10, 20, 20, 40, -10, -20, 200, 800, -200, -800, -100, -400]],
    ['user-pairwise', [20, -20, 40, -40, -20, 20, 200, 800, -200, -800, -100, -400]],
    ['average', [2, -1, 20, -20, 10, 20]],
    ['max', [2, -1, 20, -20, 10, 20]],
    ['attention', [2, -1, 20, -20, 10, 20]],
  ])('%s gives %j', (kind, expected) => {
    expectClose(encode(kind, user, [], 3, known).state, expected, kind, 1e-6)
  })
})

describe('the GRU, by hand, one coordinate and no gates: z = 1/2, c = tanh x', () => {
  const open = { 'gru.inputWeight': [0, 0, 1], 'gru.bias': [0, 0, 0], 'gru.gateWeight': [0, 0], 'gru.candidateWeight': [0] }
  const alike = { 'attention.scoreWeight': [0, 0] }
  // Newest first: -1 came first. h1 = tanh(-1) / 2 = -.380797, h2 = h1 / 2 + tanh(2) / 2 = .291615, their mean -.044591.
  const g = -0.044591

  it('reads the list from its oldest item to its newest', () => {
    expectClose(encode('gru-attention', [3], [[2], [-1]], 2, { ...open, ...alike }).state, [3, 3 * g, g], 'state', 1e-5)
  })

  it('is not moved by places without an item, and does not attend to them', () => {
    const { state, weights } = encode('gru-attention', [3], [[2], [-1]], 5, { ...open, ...alike }, 9)
    expectClose(state, [3, 3 * g, g], 'state', 1e-5)
    expect(weights).toEqual([0.5, 0.5, 0, 0, 0])
  })

  it('tells weights in the order of the list', () => {
    // e = relu(h): 0 for h1 = -.38 of the older item, .291615 for h2 of the newer; softmax gives the newer .572392.
    const seeing = {
      'attention.itemWeight': [1, 0],
      'attention.hiddenBias': [0, 0],
      'attention.scoreWeight': [1, 0],
    }
    const { weights } = encode('gru-attention', [3], [[2], [-1]], 3, { ...open, ...seeing })
    expectClose(weights!, [0.572392, 0.427608, 0], 'weights', 1e-5)
  })

  it('starts an empty list from its learned vector', () => {
    const h = Math.tanh(0.7) / 2
    const { state } = encode('gru-attention', [3], [], 3, { ...open, ...alike, emptyItem: [0.7] })
    expectClose(state, [3, 3 * h, h], 'state', 1e-5)
  })
})

describe('at every size', () => {
  const vector = (k: number) => fc.array(fc.integer({ min: -8, max: 8 }), { minLength: k, maxLength: k })
  const drawn = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 6 }))
    .chain(([k, n]) =>
      fc.record({ user: vector(k), items: fc.array(vector(k), { minLength: 1, maxLength: n }), n: fc.constant(n) }),
    )
  const settings = { numRuns: 40, seed: 20_240_601 }

  it.each(masked)('%s never looks behind its mask', (kind) => {
    fc.assert(
      fc.property(drawn, ({ user: u, items, n }) => {
        expect(encode(kind, u, items, n, {}, 1e3)).toEqual(encode(kind, u, items, n, {}))
      }),
      settings,
    )
  })

  it.each<EncoderKind>(['max', 'attention'])('%s does not see in which order the items stand', (kind) => {
    fc.assert(
      fc.property(drawn, ({ user: u, items, n }) => {
        const state = encode(kind, u, items, n, {}).state
        expectClose(encode(kind, u, [...items].reverse(), n, {}).state, state, kind, 1e-4)
      }),
      settings,
    )
  })

  it('average does not see it either before it has learnt weights, and does afterwards', () => {
    const items = [first, second]
    const untrained = { placeWeights: [1, 1, 1] }
    expect(encode('average', user, [second, first], 3, untrained)).toEqual(encode('average', user, items, 3, untrained))
    const trained = { placeWeights: [1, 2, 1] }
    expect(encode('average', user, [second, first], 3, trained)).not.toEqual(encode('average', user, items, 3, trained))
  })

  it.each<EncoderKind>(['gru-attention', 'concat', 'pairwise', 'user-pairwise'])('%s sees it', (kind) => {
    const state = encode(kind, user, [first, second], 3, {}).state
    expect(encode(kind, user, [second, first], 3, {}).state).not.toEqual(state)
  })

  it('user-pairwise cannot tell a world from its mirror image: all its terms are products of two vectors', () => {
    fc.assert(
      fc.property(drawn, ({ user: u, items }) => {
        const mirrored = (vector: Vector) => vector.map((x) => -x)
        const state = encode('user-pairwise', u, items, items.length, {}).state
        expectClose(encode('user-pairwise', mirrored(u), items.map(mirrored), items.length, {}).state, state, 'state', 1e-6)
      }),
      settings,
    )
  })

  it.each(kinds)('%s has the width that it says', (kind) => {
    const width = { concat: 'nk', pairwise: 'pairs', 'user-pairwise': 'pairs' } as Record<EncoderKind, string>
    for (const [n, k] of [
      [1, 3],
      [2, 1],
      [5, 2],
    ] as const) {
      const { state } = encode(
        kind,
        Array.from({ length: k }, () => 1),
        [],
        n,
        {},
      )
      const expected = { nk: n * k, pairs: n * k + (n * (n - 1) * k) / 2 }[width[kind] ?? ''] ?? 3 * k
      expect(state).toHaveLength(expected)
    }
  })
})

describe('a mistake names the block', () => {
  const messageOf = (kind: EncoderKind, userWidth: number, maskPlaces: number): string => {
    const g = new GraphBuilder('actor-critic.act')
    const side = { items: g.input('items', [2, 3, 4]), mask: g.input('mask', [2, maskPlaces]), empty: g.input('empty', [2, 3]) }
    try {
      encoderOf(kind, options)(g, 'actor.positive.encoder', g.input('user', [2, userWidth]), side)
    } catch (error) {
      expect(error).toBeInstanceOf(GraphError)
      return (error as GraphError).message
    }
    return 'nothing was thrown'
  }
  const block = /^Graph "actor-critic\.act", block "actor\.positive\.encoder[.a-z]*": /

  it.each(kinds.filter((kind) => kind !== 'concat' && kind !== 'pairwise'))('%s, of a user of another width', (kind) => {
    expect(messageOf(kind, 5, 3)).toMatch(block)
  })

  it.each(kinds)('%s, of a mask with other places', (kind) => {
    expect(messageOf(kind, 4, 2)).toMatch(block)
  })

  it.each(kinds)('%s, and has none to report where all fits', (kind) => {
    expect(messageOf(kind, 4, 3)).toBe('nothing was thrown')
  })
})
