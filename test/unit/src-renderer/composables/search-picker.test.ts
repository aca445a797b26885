import { expect, test } from 'vitest'
import { nextTick } from 'vue'
import { createSearchPicker } from '../../../../src-renderer/composables/search-picker.ts'

const titles = ['American Beauty', 'Alien', 'Aliens', 'Terminator']
/** A field over four titles; each search comes back when it is let. */
function field() {
  const picked: string[] = []
  const failures: unknown[] = []
  const waiting: (() => void)[] = []
  let broken = false
  const search = async (wanted: string) => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    if (broken) throw new Error('gone')
    return titles
      .map((label, value) => ({ value, label, note: '' }))
      .filter(({ label }) => label.toLowerCase().includes(wanted.toLowerCase()))
  }
  const picker = createSearchPicker(
    search,
    ({ label }) => picked.push(label),
    (failure) => failures.push(failure),
  )
  const answer = async () => {
    for (const resolve of waiting.splice(0)) resolve()
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { picker, picked, failures, answer, breakIt: () => (broken = true) }
}

test('Enter right behind the last letter takes what the text finds, not what stood there before', async () => {
  const { picker, picked, answer } = field()
  picker.show()
  await answer()
  expect(picker.marked.value?.label).toBe('American Beauty')
  picker.text.value = 'term'
  await nextTick()
  const entered = picker.enter()
  expect(picked).toEqual([])
  await answer()
  await entered
  expect(picked).toEqual(['Terminator'])
  expect(picker.text.value).toBe('')
  picker.stop()
})

test('arrows mark, and Enter takes the marked one at once', async () => {
  const { picker, picked, answer } = field()
  picker.show()
  await answer()
  picker.move(-1)
  picker.move(-1)
  expect(picker.marked.value?.label).toBe('Aliens')
  await picker.enter()
  expect(picked).toEqual(['Aliens'])
})

test('Enter on what finds nothing, or fails, picks nothing', async () => {
  const { picker, picked, failures, answer, breakIt } = field()
  picker.show()
  await answer()
  picker.text.value = 'zz'
  await nextTick()
  const entered = picker.enter()
  await answer()
  await entered
  breakIt()
  picker.text.value = 'alien'
  await nextTick()
  const again = picker.enter()
  await answer()
  await again
  expect(picked).toEqual([])
  expect(failures).toHaveLength(1)
  picker.stop()
})
