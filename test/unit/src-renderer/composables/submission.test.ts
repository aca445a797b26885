import { expect, test } from 'vitest'
import { PalateError } from '../../../../src-main/contract/errors.ts'
import { useSubmission } from '../../../../src-renderer/composables/use-submission.ts'

const gone = new PalateError('ENGINE_UNREACHABLE', 'gone', { reason: 'gone' })

test('a form is sent off once, however often it is asked to', async () => {
  const { busy, submit } = useSubmission()
  let finish = () => {}
  let begun = 0
  const task = () => {
    begun += 1
    return new Promise<void>((resolve) => (finish = resolve))
  }
  const first = submit(task)
  expect([busy.value, await submit(task), begun]).toEqual([true, false, 1])
  finish()
  expect([await first, busy.value]).toEqual([true, false])
})

test('why it failed stands until it is sent off again', async () => {
  const { busy, error, submit } = useSubmission()
  expect(await submit(() => Promise.reject(gone))).toBe(false)
  expect([busy.value, error.value]).toEqual([false, gone])
  expect(await submit(() => Promise.resolve())).toBe(true)
  expect(error.value).toBeUndefined()
})

test('a fault of the program is not taken for a refusal', async () => {
  const { busy, error, submit } = useSubmission()
  await expect(submit(() => Promise.reject(new TypeError('a fault')))).rejects.toThrow('a fault')
  expect([busy.value, error.value]).toEqual([false, undefined])
})
