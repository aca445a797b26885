import { describe, expect, it } from 'vitest'
import type { Contender } from '../../../../src-main/services/bench/contender.types.ts'
import { Field } from '../../../../src-main/services/bench/field.ts'
import { takeTurns } from '../../../../src-main/services/bench/turns.ts'

const work = { k: 1, batch: 1, seed: 1 }

/** A contender that only notes what is done to it. */
function noting(executor: string, diary: string[], group: string | null = null): Contender {
  return {
    executor,
    threads: 1,
    backend: null,
    group,
    open() {
      diary.push(`open ${executor}`)
      return Promise.resolve({
        device: executor,
        step: () => void diary.push(executor),
        multiply: () => undefined,
        close: () => Promise.resolve(void diary.push(`close ${executor}`)),
      })
    },
  }
}

describe('taking turns', () => {
  it('each has one turn a round, and every other round goes backwards', async () => {
    const diary: string[] = []
    const contenders = [noting('a', diary), noting('b', diary)]
    const turns = await takeTurns(new Field(work, { steps: 0, ms: 0 }), contenders, 3, { steps: 2 }, () => diary.push('|'))
    expect(diary.join(' ')).toBe('| open a a a open b b b | b b a a | a a b b')
    for (const contender of contenders) expect(turns.get(contender)!.map((turn) => turn.stepMs.length)).toEqual([2, 2, 2])
  })

  it('of one group only one is open at a time, and it is warmed up anew each time', async () => {
    const diary: string[] = []
    const field = new Field(work, { steps: 1, ms: 0 })
    const [one, two, free] = [noting('one', diary, 'shared'), noting('two', diary, 'shared'), noting('free', diary)]
    for (const contender of [one, free, two, one]) await field.ready(contender)
    await field.close()
    expect(diary).toEqual([
      ...['open one', 'one', 'open free', 'free'],
      ...['close one', 'open two', 'two', 'close two', 'open one', 'one'],
      ...['close free', 'close one'],
    ])
  })

  it('what cannot be opened is left out with the reason, and the others go on', async () => {
    const broken: Contender = { ...noting('broken', []), open: () => Promise.reject(new Error('no such device.')) }
    const fine = noting('fine', [])
    const { usable, absent } = await new Field(work, { steps: 0, ms: 0 }).usable([broken, fine])
    expect(usable).toEqual([fine])
    expect(absent).toEqual([{ executor: 'broken', threads: 1, reason: 'no such device' }])
  })
})
