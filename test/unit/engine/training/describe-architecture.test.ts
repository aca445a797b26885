import { describe, expect, it } from 'vitest'
import type { Architecture } from '../../../../src-main/contract/dto/architecture.ts'
import { defaultParams, type ParamValues } from '../../../../src-main/contract/params.ts'
import { defaultValues } from '../../../../src-main/engine/core/model.ts'
import { models } from '../../../../src-main/engine/models/catalogue.gen.ts'
import { describeArchitecture, usualSizes } from '../../../../src-main/engine/training/describe/describe-architecture.ts'
import { findModel } from '../../../../src-main/engine/training/find-model.ts'

/** Vectors of 4 coordinates, lists of 3 items, attention 5 wide, actors 6 wide, critic 14, 7 and 7 wide: small enough for paper. */
const small: ParamValues = {
  size: 4,
  bias: 'none',
  popularity: false,
  foldEmbeddings: false,
  historyLength: 3,
  attentionHidden: 5,
  actorHidden: 6,
  criticHidden: 7,
  residual: false,
  critic: 'action',
  batchSize: 8,
}
const sizes = { ...usualSizes, users: 10, items: 20 }

function draw(id: string, params: ParamValues): Architecture {
  const model = findModel(id)
  return describeArchitecture(model, { ...defaultParams(model.params), ...params }, sizes)
}
const block = (drawn: Architecture, id: string) => drawn.blocks.find((one) => one.id === id)!
const hint = (drawn: Architecture, part: string) => drawn.issues.find((issue) => issue.message.includes(part))

describe('the drawing of MDRR-att', () => {
  const drawn = draw('mdrr-att', small)

  it('counts the parameters that one counts by hand', () => {
    // Empty item 4, W2u 4 x 5, W2i 4 x 5, b2 5, w1 5.
    expect(block(drawn, 'actor.positive.encoder').parameters).toBe(4 + 20 + 20 + 5 + 5)
    // State 12 -> 6 -> 6 -> 4, each with a bias.
    expect(block(drawn, 'actor.negative').parameters).toBe(12 * 6 + 6 + (6 * 6 + 6) + (6 * 4 + 4))
    // 24 -> 14, then 14 -> 7 beside 4 -> 7, 7 -> 7, 7 -> 1.
    expect(block(drawn, 'critic').parameters).toBe(24 * 14 + 14 + (14 * 7 + 7 + 4 * 7) + (7 * 7 + 7) + (7 + 1))
    expect(drawn.parameters).toBe(2 * 54 + 2 * 148 + 547)
  })

  it('gives shapes with the batch as a letter, and follows a width', () => {
    expect(block(drawn, 'input.positive').shape).toEqual(['B', '3', '4'])
    expect(block(drawn, 'actor.positive.encoder').shape).toEqual(['B', '12'])
    expect(block(drawn, 'state').shape).toEqual(['B', '24'])
    expect(block(drawn, 'actor.sum').shape).toEqual(['B', '4'])
    expect(block(drawn, 'ranking').shape).toEqual(['B', '20'])
    const wider = draw('mdrr-att', { ...small, size: 9, historyLength: 2 })
    expect(block(wider, 'input.positive').shape).toEqual(['B', '2', '9'])
    expect(block(wider, 'state').shape).toEqual(['B', '54'])
  })

  it('tells where likes and dislikes flow, and where they meet', () => {
    const flows = Object.fromEntries(drawn.blocks.map(({ id, flow }) => [id, flow]))
    expect(flows).toEqual({
      'input.user': 'none',
      'input.positive': 'positive',
      'input.negative': 'negative',
      'input.candidates': 'none',
      'actor.positive.encoder': 'positive',
      'actor.negative.encoder': 'negative',
      'actor.positive': 'positive',
      'actor.negative': 'negative',
      state: 'both',
      'actor.sum': 'both',
      ranking: 'both',
      critic: 'both',
    })
    expect(drawn.edges).toContainEqual({
      from: 'input.negative',
      to: 'actor.negative.encoder',
      shape: ['B', '3', '4'],
      flow: 'negative',
    })
    expect(drawn.edges).toContainEqual({ from: 'actor.sum', to: 'critic', shape: ['B', '4'], flow: 'both' })
  })

  it('has every edge between blocks that it has, and no circle', () => {
    const order = new Map<string, number>()
    const rank = (id: string): number => {
      const known = order.get(id)
      if (known !== undefined) return known
      const before = drawn.edges.flatMap(({ from, to }) => (to === id ? [rank(from)] : []))
      order.set(id, Math.max(0, ...before) + 1)
      return order.get(id)!
    }
    for (const { from, to } of drawn.edges) expect(rank(from)).toBeLessThan(rank(to))
  })
})

describe('the drawing of a custom model', () => {
  it('with GRUs counts their weights: three gates from the item, two from the state, and the candidate', () => {
    const drawn = draw('custom', { ...small, encoder: 'gru-attention' })
    const encoder = block(drawn, 'actor.positive.encoder')
    // Empty item 4; 4 x 12 and 12; 4 x 8; 4 x 4; attention without a user: 4 x 5, 5, 5.
    expect(encoder.parameters).toBe(4 + (48 + 12 + 32 + 16) + (20 + 5 + 5))
    const unit = encoder.layers.find(({ title }) => title === 'Gated recurrent unit')!
    expect(unit).toMatchObject({ shape: ['B', '3', '4'], times: 1 })
    expect(unit.parameters.map(({ name, shape }) => [name.split('.').at(-1), shape])).toEqual([
      ['inputWeight', [4, 12]],
      ['bias', [12]],
      ['gateWeight', [4, 8]],
      ['candidateWeight', [4, 4]],
    ])
  })

  it('with one actor joins both sides before it, and with likes alone has neither dislikes nor a joint state', () => {
    const single = draw('custom', { ...small, actors: 'single' })
    expect(single.edges.filter(({ to }) => to === 'actor.joint').map(({ from }) => from)).toEqual(['state'])
    const liking = draw('custom', { ...small, feedback: 'positive' })
    expect(liking.blocks.map(({ id }) => id)).not.toContain('input.negative')
    expect(liking.blocks.map(({ id }) => id)).not.toContain('state')
    expect(hint(liking, 'one actor')).toMatchObject({ severity: 'hint', block: 'actor.positive', params: ['actors', 'feedback'] })
  })

  it('that is too large for any memory says so at its heaviest block', () => {
    const drawn = draw('custom', { ...small, size: 512, historyLength: 100, actorHidden: 1024, encoder: 'pairwise' })
    expect(drawn.issues[0]).toMatchObject({ severity: 'error', block: 'actor.positive' })
    expect(drawn.issues[0]!.message).toMatch(/^It needs [\d.]+ GB of memory, and networks have 4\.3 GB at most\. /)
  })

  it('whose replay is smaller than a batch cannot train', () => {
    const drawn = draw('custom', { ...small, replayCapacity: 64, batchSize: 128 })
    expect(drawn.issues).toContainEqual({
      severity: 'error',
      block: 'critic',
      params: ['replayCapacity', 'batchSize'],
      message: 'The replay holds 64 transitions, and a batch takes 128. Make the replay larger or the batch smaller.',
    })
  })
})

describe('the drawing of any model', () => {
  it.each(models.map((model) => [model.id, model] as const))('%s: counts add up, and it trains as preset', (_, model) => {
    const drawn = describeArchitecture(model, defaultValues(model), usualSizes)
    expect(drawn.issues.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(drawn.blocks.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(drawn.parameters)
    const ids = new Set(drawn.blocks.map(({ id }) => id))
    expect(ids.size).toBe(drawn.blocks.length)
    for (const { from, to } of drawn.edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true])
    if (drawn.network) expect(drawn.flopsPerUpdate).toBeGreaterThan(0)
    else expect(drawn.notes).toHaveLength(1)
  })

  it('without a network lists what it learns', () => {
    const { parameters, blocks, notes } = draw('biased-mf', { size: 3 })
    expect(blocks.map(({ title, shape }) => [title, shape])).toEqual([
      ['Mean rating', []],
      ['User biases', ['10']],
      ['Item biases', ['20']],
      ['User vectors', ['10', '3']],
      ['Item vectors', ['20', '3']],
    ])
    expect(parameters).toBe(1 + 10 + 20 + 30 + 60)
    expect(notes).toEqual(['It has no network: it learns the numbers of these tables, and nothing else.'])
    expect(draw('random', {}).notes).toEqual(['It learns nothing: there is no number to fit.'])
  })
})
