import { describe, expect, test } from 'vitest'
import { ownRunDefaults, runDefaults, type RunDefaults } from '../../../../src-main/contract/dto/run-defaults.ts'
import {
  defaultsChange,
  defaultsForm,
  defaultsProblems,
  runStart,
  sameDefaults,
  takenBack,
} from '../../../../src-renderer/composables/run-start.ts'
import { splitFieldsOf, splitKinds, splitTextOf } from '../../../../src-renderer/composables/split-form.ts'

const mine: RunDefaults = {
  defaultModel: 'svd++',
  defaultSplit: 'leave-last:3',
  defaultSeedCount: 5,
  defaultKs: [10, 1],
  defaultProtocols: ['rerank-oneshot'],
}

describe('what a new run begins with', () => {
  test('stands in the fields as a person would write it', () => {
    expect(runStart(mine)).toEqual({
      model: 'svd++',
      seeds: '1-5',
      ks: '10, 1',
      kind: 'leave-last',
      split: { share: '80', splitSeed: '', lastCount: '3' },
      protocols: ['rerank-oneshot'],
    })
    expect(runStart(ownRunDefaults)).toMatchObject({ seeds: '1', ks: '5, 10, 20', kind: 'random' })
  })

  test('is a split that the form can show, for every share and kind', () => {
    for (const { value: kind } of splitKinds)
      for (let share = 1; share < 100; share++) {
        const text = splitTextOf(kind, { share: String(share), splitSeed: '7', lastCount: '2' })
        expect(runDefaults.shape.defaultSplit.safeParse(text).success, text).toBe(true)
        const { kind: again, texts } = splitFieldsOf(text)
        expect(splitTextOf(again, texts)).toBe(text)
      }
    expect(splitFieldsOf('random:0.8').texts.splitSeed).toBe('')
  })
})

describe('the defaults in the settings', () => {
  test('change where a field makes sense and says something else; the others stay', () => {
    const form = defaultsForm(mine)
    expect(defaultsChange(form, mine)).toEqual({})
    const typed = { ...form, seedCount: '0', ks: ' 5,20 ', kind: 'random' as const, share: '70' }
    expect(defaultsProblems(typed)).toEqual({ seedCount: 'A whole number from 1 to 100.' })
    expect(defaultsChange(typed, mine)).toEqual({ defaultKs: [5, 20], defaultSplit: 'random:0.7' })
    expect(defaultsChange({ ...form, ks: '5, x', seedCount: '101', lastCount: '0' }, mine)).toEqual({})
  })

  test('come back as they were understood, and leave alone what was typed meanwhile', () => {
    const was = defaultsForm(mine)
    const sent = { ...was, ks: ' 5,20 ', seedCount: '7' }
    const stored = { ...mine, defaultKs: [5, 20], defaultSeedCount: 7 }
    expect(takenBack(sent, sent, mine, stored)).toEqual({ ks: '5, 20', seedCount: '7' })
    expect(takenBack({ ...sent, ks: ' 5,20,' }, sent, mine, stored)).toEqual({ seedCount: '7' })
    // A field that was not stored stays, whatever stands in it, and what another window has stored comes.
    expect(takenBack({ ...sent, lastCount: '' }, sent, mine, stored)).not.toHaveProperty('lastCount')
    expect(takenBack(was, was, mine, { ...mine, defaultSplit: 'random:0.7@4' })).toEqual({
      kind: 'random',
      share: '70',
      splitSeed: '4',
      lastCount: '1',
    })
  })

  test('are the program’s own only when all of them are', () => {
    expect(sameDefaults(ownRunDefaults, { ...ownRunDefaults, defaultKs: [5, 10, 20] })).toBe(true)
    expect(sameDefaults(ownRunDefaults, { ...ownRunDefaults, defaultKs: [5, 10] })).toBe(false)
  })
})
