import { computed, ref, shallowRef } from 'vue'
import { expect, test } from 'vitest'
import { sameList } from '../../../../src-renderer/composables/same-list.ts'

test('a list of the very same things is the one of before; any other is the new one', () => {
  const [a, b] = [{}, {}]
  const before = [a, b]
  expect(sameList(before, [a, b])).toBe(before)
  for (const next of [[b, a], [a], [a, b, a], [a, {}]]) expect(sameList(before, next)).toBe(next)
  expect(sameList(undefined, before)).toBe(before)
})

test('whoever depends on a computed list is left alone while it holds the same', () => {
  const news = ref(0)
  const names = shallowRef(['a'])
  const list = computed((old?: string[]) => sameList(old, news.value < 0 ? [] : [...names.value]))
  let made = 0
  const dependent = computed(() => `${list.value.join()} ${++made}`)
  expect(dependent.value).toBe('a 1')
  news.value++
  expect(dependent.value).toBe('a 1')
  names.value = ['a', 'b']
  expect(dependent.value).toBe('a,b 2')
})
