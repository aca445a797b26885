import { nextTick, ref } from 'vue'
import { describe, expect, test } from 'vitest'
import { PalateError } from '../../../../src-main/contract/errors.ts'
import { useLoaded } from '../../../../src-renderer/composables/use-loaded.ts'
import { usePagedRows } from '../../../../src-renderer/composables/use-paged-rows.ts'

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await nextTick()
}
/** Answers when it is told to, in any order. */
function deferred<A, T>() {
  const asked: { args: A; answer: (value: T) => void; fail: (error: unknown) => void }[] = []
  const load = (args: A) => new Promise<T>((answer, fail) => asked.push({ args, answer, fail }))
  return { asked, load }
}

describe('a figure that is loaded', () => {
  test('is the answer to the question asked last, whichever comes last', async () => {
    const question = ref('a')
    const { asked, load } = deferred<string, string>()
    const { value } = useLoaded(
      () => load(question.value),
      () => question.value,
    )
    question.value = 'b'
    await nextTick()
    asked[1]!.answer('for b')
    asked[0]!.answer('for a')
    await settle()
    expect(value.value).toBe('for b')
  })

  test('has an error until it is asked for again, and keeps what it had', async () => {
    const { asked, load } = deferred<undefined, string>()
    const { value, error, reload } = useLoaded(() => load(undefined))
    asked[0]!.answer('first')
    await settle()
    void reload()
    asked[1]!.fail(new PalateError('ENGINE_UNREACHABLE', 'gone', { reason: 'gone' }))
    await settle()
    expect([value.value, error.value?.code]).toEqual(['first', 'ENGINE_UNREACHABLE'])
    void reload()
    asked[2]!.answer('second')
    await settle()
    expect([value.value, error.value]).toEqual(['second', undefined])
  })
})

describe('rows that are read as far as they are looked at', () => {
  type Answer = { total: number; rows: number[] }
  function lab() {
    const question = ref('a')
    const failures: unknown[] = []
    const { asked, load } = deferred<[string, number, number], Answer>()
    const rows = usePagedRows<number>(
      (offset, limit) => load([question.value, offset, limit]),
      () => question.value,
      (failure) => failures.push(failure),
    )
    const answer = async (call: number, total: number) => {
      const [, offset, limit] = asked[call]!.args
      const count = Math.max(0, Math.min(limit, total - offset))
      asked[call]!.answer({ total, rows: Array.from({ length: count }, (_, at) => offset + at) })
      await settle()
    }
    return { question, rows, asked, failures, answer }
  }

  test('come a hundred at a time, each hundred once', async () => {
    const { rows, asked, answer } = lab()
    expect(rows.loaded.value).toBe(false)
    await answer(0, 250)
    expect([rows.total.value, rows.rowAt(99), rows.rowAt(100)]).toEqual([250, 99, undefined])
    rows.see(90, 210)
    rows.see(95, 215)
    expect(asked.slice(1).map(({ args }) => args[1])).toEqual([100, 200])
    await answer(2, 250)
    expect([rows.rowAt(249), rows.rowAt(150)]).toEqual([249, undefined])
    rows.see(200, 900)
    expect(asked).toHaveLength(3)
  })

  test('stay until the rows of a new question are there; late answers to the old one are dropped', async () => {
    const { question, rows, asked, answer } = lab()
    await answer(0, 250)
    rows.see(100, 150)
    question.value = 'b'
    await settle()
    expect([rows.total.value, rows.rowAt(0)]).toEqual([250, 0])
    rows.see(100, 150)
    expect(asked).toHaveLength(3)
    await answer(1, 250)
    expect(rows.rowAt(100)).toBeUndefined()
    const version = rows.version.value
    await answer(2, 3)
    expect([rows.total.value, rows.rowAt(2), rows.rowAt(3), rows.version.value]).toEqual([3, 2, undefined, version + 1])
  })

  test('that could not be read are told, and asked for again when they are looked at again', async () => {
    const { rows, asked, failures, answer } = lab()
    await answer(0, 250)
    rows.see(100, 150)
    asked[1]!.fail('broken')
    await settle()
    expect(failures).toEqual(['broken'])
    rows.see(100, 150)
    await answer(2, 250)
    expect(rows.rowAt(100)).toBe(100)
  })
})
