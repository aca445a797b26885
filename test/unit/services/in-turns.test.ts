import { describe, expect, it } from 'vitest'
import { inTurns } from '../../../src-main/services/in-turns.ts'

function* counting(to: number, seen: number[]): Generator<void, string> {
  for (let i = 1; i <= to; i++) {
    seen.push(i)
    yield
  }
  return 'done'
}

describe('work in turns', () => {
  it('gives what the work gives, and lets others have a turn in between', async () => {
    const seen: number[] = []
    const working = inTurns(counting(3, seen), 'report', undefined)
    setImmediate(() => seen.push(100))
    expect(await working).toBe('done')
    expect(seen).toEqual([1, 2, 100, 3])
  })

  it('stops as soon as nobody waits any more', async () => {
    const seen: number[] = []
    const stop = new AbortController()
    const working = inTurns(counting(1000, seen), 'report', stop.signal)
    stop.abort()
    await expect(working).rejects.toMatchObject({
      code: 'CANCELLED',
      message: 'The report was cancelled.',
      details: { what: 'report' },
    })
    expect(seen.length).toBeLessThan(3)
  })
})
