import { describe, expect, it } from 'vitest'
import { startRunsInput } from '../../../src-main/contract/dto/run.ts'
import { formatSplit, parseSplit, splitText } from '../../../src-main/contract/dto/split.ts'
import { errorOf } from '../../support/worlds.ts'

describe('the text of a split', () => {
  it('is read, and written back in one form', () => {
    expect(parseSplit('random:0.8@7', 1)).toEqual({ kind: 'random', share: 0.8, seed: 7 })
    expect(parseSplit('random:.75', 5)).toEqual({ kind: 'random', share: 0.75, seed: 5 })
    expect(parseSplit('chronological:.9', 5)).toEqual({ kind: 'chronological', share: 0.9 })
    expect(parseSplit('time:0.70', 5)).toEqual({ kind: 'time', share: 0.7 })
    expect(parseSplit('leave-last:1', 5)).toEqual({ kind: 'leave-last', count: 1 })
    const forms = ['random:.80', 'random:0.8@0', 'chronological:.9', 'time:0.70', 'leave-last:12', 'random:0.000001']
    expect(forms.map((text) => formatSplit(parseSplit(text, 5)))).toEqual([
      'random:0.8@5',
      'random:0.8@0',
      'chronological:0.9',
      'time:0.7',
      'leave-last:12',
      'random:0.000001@5',
    ])
  })

  it.each([
    '',
    'random',
    'random:',
    'random:0.0',
    'random:1.0',
    'random:1',
    'random:-0.5',
    'random:0.8@',
    'random:0.8@-1',
    'random:0.8@1 ',
    'random:0,8',
    'random:0.0000001',
    'time:0.8@1',
    'chronological:0.8@1',
    'chronological:1',
    'leave-last:0',
    'leave-last:0.5',
    'leave-last:01',
    'leave-last:1@2',
    'leave-last',
    'half',
  ])('is refused by reader and contract when it reads "%s"', (text) => {
    const error = errorOf(() => parseSplit(text, 1))
    expect([error.code, error.message]).toEqual([
      'DATA_UNSUITABLE',
      `"${text}" is no split. Write random:SHARE, random:SHARE@SEED, chronological:SHARE, time:SHARE or leave-last:COUNT with a share between 0 and 1, for instance random:0.8, random:0.8@7 or leave-last:1.`,
    ])
    expect(splitText.safeParse(text).success).toBe(false)
    expect(startRunsInput.safeParse({ dataset: 1, model: 'm', split: text }).success).toBe(false)
  })

  it('is taken by the contract in every form that a run records', () => {
    for (const text of ['random:0.8@7', 'random:0.8', 'chronological:0.8', 'time:0.8', 'leave-last:1']) {
      expect(startRunsInput.parse({ dataset: 1, model: 'm', split: text }).split).toBe(text)
    }
  })
})
