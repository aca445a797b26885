import { describe, expect, test } from 'vitest'
import { defaultValues } from '../../../../src-main/engine/core/model.ts'
import { describeArchitecture, usualSizes } from '../../../../src-main/engine/training/describe/describe-architecture.ts'
import { models } from '../../../../src-main/engine/models/catalogue.gen.ts'
import { architectureFacts, memoryParts, showFlops } from '../../../../src-renderer/composables/architecture-facts.ts'
import { blockSize, blockText, layOutArchitecture, shortCount } from '../../../../src-renderer/composables/architecture-layout.ts'
import { panZoom } from '../../../../src-renderer/composables/pan-zoom.ts'

const drawings = models.map((model) => describeArchitecture(model, defaultValues(model), usualSizes))
const drawn = drawings.find(({ model }) => model === 'mdrr-att')!

describe('the layout of an architecture', () => {
  test.each(drawings.map((one) => [one.model, one] as const))(
    '%s: everything flows downwards, and no blocks overlap',
    (_, one) => {
      const { blocks, edges, width, height } = layOutArchitecture(one)
      const at = new Map(blocks.map(({ block, x, y }) => [block.id, { x, y }]))
      for (const { edge } of edges) expect(at.get(edge.from)!.y + blockSize.height).toBeLessThan(at.get(edge.to)!.y)
      for (const a of blocks) {
        expect(a.x).toBeGreaterThanOrEqual(-0.001)
        expect(a.x + blockSize.width).toBeLessThanOrEqual(width + 0.001)
        expect(a.y + blockSize.height).toBeLessThanOrEqual(height)
        for (const b of blocks) if (a !== b && a.y === b.y) expect(Math.abs(a.x - b.x)).toBeGreaterThanOrEqual(blockSize.width)
      }
    },
  )

  test('likes stand to the left of dislikes, and each edge ends at its blocks', () => {
    const { blocks, edges } = layOutArchitecture(drawn)
    const of = (id: string) => blocks.find(({ block }) => block.id === id)!
    for (const side of ['input.', 'actor.']) expect(of(`${side}positive`).x).toBeLessThan(of(`${side}negative`).x)
    const { path } = edges.find(({ edge }) => edge.from === 'input.positive')!
    const start = of('input.positive')
    const middle = Math.round(10 * (start.x + blockSize.width / 2)) / 10
    expect(path.startsWith(`M ${middle} ${start.y + blockSize.height} `)).toBe(true)
  })

  test('a screen reader is told what the drawing shows', () => {
    const { blocks } = layOutArchitecture(drawn)
    const sum = blocks.find(({ block }) => block.id === 'actor.sum')!
    const titles = new Map(drawn.blocks.map(({ id, title }) => [id, title]))
    expect(blockText(sum, drawn.edges, (id) => titles.get(id)!)).toBe(
      'Sum of actions: B × 18, likes and dislikes, reads Actor of likes, Actor of dislikes',
    )
  })
})

test('figures are short, and memory is told by part, the largest first', () => {
  expect([shortCount(1234), shortCount(1_240_000), shortCount(48_300_000), shortCount(2.5e9)]).toEqual([
    '1,234',
    '1.24 M',
    '48.3 M',
    '2.50 G',
  ])
  expect([showFlops(780), showFlops(12_340), showFlops(3.16e7), showFlops(2.1e9)]).toEqual([
    '780 FLOP',
    '12.3 kFLOP',
    '31.6 MFLOP',
    '2.10 GFLOP',
  ])
  expect(architectureFacts(drawn).map(({ label }) => label)).toEqual(['Parameters', 'An update', 'A recommendation'])
  expect(
    memoryParts({
      memory: [
        { part: 'a', bytes: 250 },
        { part: 'b', bytes: 750 },
      ],
    }),
  ).toEqual([
    { part: 'b', text: '750 B', share: 0.75 },
    { part: 'a', text: '250 B', share: 0.25 },
  ])
})

describe('zoom and pan', () => {
  const frame = { width: 800, height: 600 }
  const content = { width: 1504, height: 400 }
  const made = () =>
    panZoom(
      () => frame,
      () => content,
    )

  test('fit shows the whole drawing in the middle, and enlarges nothing', () => {
    const wide = made()
    wide.fit()
    // 800 less a margin of 24 on both sides.
    expect(wide.view).toEqual({ scale: 0.5, x: 24, y: 200 })
    const small = panZoom(
      () => frame,
      () => ({ width: 100, height: 100 }),
    )
    small.fit()
    expect(small.view).toEqual({ scale: 1, x: 350, y: 250 })
    expect(small.moved.value).toBe(false)
  })

  test('zooming keeps the point under the pointer where it is, within limits', () => {
    const zoomed = made()
    zoomed.fit()
    const before = (300 - zoomed.view.x) / zoomed.view.scale
    zoomed.zoom(2, { x: 300, y: 100 })
    expect((300 - zoomed.view.x) / zoomed.view.scale).toBeCloseTo(before)
    expect(zoomed.moved.value).toBe(true)
    for (let i = 0; i < 20; i++) zoomed.zoom(2)
    expect(zoomed.view.scale).toBe(4)
  })
})
