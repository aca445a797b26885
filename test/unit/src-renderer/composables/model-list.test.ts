import { expect, test } from 'vitest'
import { modelFamily, modelFamilyTitles } from '../../../../src-main/contract/dto/model.ts'
import { filterModels, groupModels, presetLines, scoredHow } from '../../../../src-renderer/composables/model-list.ts'
import { fakeModels, fakeProtocols } from '../../../support/fake-engine/models.ts'

test('models are listed by family, and a family without a model is not', () => {
  const shape = groupModels(fakeModels).map((group) => [group.title, group.models.map((model) => model.id)])
  expect(shape).toEqual([
    ['Actor-critic policies', ['mdrr-att']],
    ['Matrix factorisation', ['biased-mf', 'svd++']],
    ['Floors and ceiling', ['random', 'popularity', 'item-mean', 'oracle']],
  ])
  for (const family of modelFamily.options) expect(modelFamilyTitles[family]).not.toBe('')
})

test('a search wants every word, in name, family, feedback, source or summary', () => {
  const ids = (text: string) => filterModels(fakeModels, text).map((model) => model.id)
  expect(ids('FACTORISATION rated')).toEqual(['svd++'])
  expect(ids('likes and dislikes')).toEqual(['mdrr-att'])
  expect(ids('nowhere')).toEqual([])
  expect(ids('')).toHaveLength(fakeModels.length)
})

test('presets stand side by side in what any of them sets; what one says itself is marked', () => {
  const lines = presetLines(fakeModels[0]!).map((line) => [line.name, line.values])
  expect(lines).toEqual([
    [
      'updates',
      [
        { text: '3000', own: true },
        { text: '4000', own: false },
      ],
    ],
    [
      'residual',
      [
        { text: 'on', own: true },
        { text: 'off', own: false },
      ],
    ],
  ])
  expect(presetLines(fakeModels[1]!)).toEqual([])
})

test('only a policy answers what comes back, and only where something does', () => {
  const [sequential, oneShot] = fakeProtocols
  expect(scoredHow({ kind: 'policy' }, sequential!)).toBe('Answers what comes back, one item at a time')
  expect(scoredHow({ kind: 'policy' }, oneShot!)).toBe('Orders the candidates once')
  expect(scoredHow({ kind: 'static' }, sequential!)).toBe('Orders the candidates once')
})
