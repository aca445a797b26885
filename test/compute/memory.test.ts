import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { models } from '../../src-main/engine/models/catalogue.gen.ts'
import { startScript, type Script } from '../support/processes.ts'

/** Bytes per update; a single boxed number that is kept is 16, its place in an array 8 more. */
const NOTHING = 12

const line = z.object({
  id: z.string(),
  updates: z.number(),
  heap: z.number(),
  handedOut: z.number(),
  compiled: z.number(),
})

async function all(script: Script): Promise<z.infer<typeof line>[]> {
  const lines: z.infer<typeof line>[] = []
  for (let next = await script.next(); next !== null; next = await script.next()) lines.push(line.parse(next))
  return lines
}

describe('10,000 updates', () => {
  it('of every model that learns in steps leave nothing on the heap and nothing in the executor’s memory', async () => {
    const measured = await all(startScript('measure-memory.ts', []))
    // A learning rate is what all of them have, under one name or two.
    const learners = models.filter(({ params }) => Object.keys(params).some((name) => /learningRate$/i.test(name)))
    expect(measured.map(({ id }) => id).sort()).toEqual(learners.map(({ id }) => id).sort())
    for (const { id, updates, heap, handedOut, compiled } of measured) {
      expect(updates, id).toBeGreaterThanOrEqual(10_000)
      expect(heap, id).toBeLessThan(NOTHING)
      expect({ id, handedOut, compiled }).toEqual({ id, handedOut: 0, compiled: 0 })
    }
  }, 300_000)

  it('that each keep one small object would be caught, and so would a piece of the executor’s memory', async () => {
    const [[object], [memory]] = [
      await all(startScript('measure-memory.ts', ['dqn', 'object'])),
      await all(startScript('measure-memory.ts', ['dqn', 'memory'])),
    ]
    expect(object!.heap).toBeGreaterThan(2 * NOTHING)
    expect(memory!.handedOut).toBeGreaterThan(0)
  })
})
