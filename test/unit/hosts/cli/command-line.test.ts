import { describe, expect, it } from 'vitest'
import { isPalateError } from '../../../../src-main/contract/errors.ts'
import { assignments, names, oneOf, wholeNumber, wholeNumbers } from '../../../../src-main/hosts/cli/arguments.ts'
import { computeOptions } from '../../../../src-main/hosts/cli/compute-options.ts'
import { formatDuration } from '../../../../src-main/hosts/cli/duration.ts'
import { exitCodeOf } from '../../../../src-main/hosts/cli/exit-codes.ts'
import { progressText, speedText } from '../../../../src-main/hosts/cli/progress-bar.ts'
import { resultText, sortRows } from '../../../../src-main/hosts/cli/result-rows.ts'
import { textTable } from '../../../../src-main/hosts/cli/text-table.ts'

describe('arguments', () => {
  it('read lists, numbers and assignments', () => {
    expect(wholeNumbers('--seeds', '3, 1,3', 0, 9)).toEqual([3, 1])
    expect(names('--protocols', 'a,b')).toEqual(['a', 'b'])
    expect(assignments('--set', ['a=1', 'b=x=y', 'c='])).toEqual({ a: '1', b: 'x=y', c: '' })
    expect(oneOf('--what', 'users', ['users', 'events'])).toBe('users')
  })

  it('leave open what computes, unless they say it', () => {
    expect(computeOptions({})).toEqual({})
    expect(computeOptions({ backend: 'kernels', threads: '2' })).toEqual({ backend: 'kernels', threads: 2 })
    expect(computeOptions({ threads: 'auto' })).toEqual({ threads: 'auto' })
  })

  it.each([
    [() => wholeNumber('--updates', '1e3', 0, 9), '--updates wants a whole number from 0 to 9, not "1e3".'],
    [() => wholeNumber('--updates', '-1', 0, 9), '--updates wants a whole number from 0 to 9, not "-1".'],
    [() => wholeNumber('--updates', '10', 0, 9), '--updates wants a whole number from 0 to 9, not "10".'],
    [() => assignments('--set', ['=1']), '--set wants name=value, for instance --set gamma=0.9, not "=1".'],
    [() => assignments('--set', ['a=1', 'a=2']), '--set gives a more than once. Give it one value.'],
    [
      () => computeOptions({ backend: 'cuda' }),
      '--backend wants one of auto, native, kernels, plain, tfjs-node-gpu, tfjs-webgpu, tfjs-cpu, not "cuda".',
    ],
    [() => computeOptions({ threads: '0' }), '--threads wants a whole number from 1 to 64 or "auto", not "0".'],
    [() => computeOptions({ threads: '65' }), '--threads wants a whole number from 1 to 64 or "auto", not "65".'],
    [() => computeOptions({ threads: 'all' }), '--threads wants a whole number from 1 to 64 or "auto", not "all".'],
  ])('%# are refused as wrong usage', (call, message) => {
    let thrown: unknown
    try {
      call()
    } catch (error) {
      thrown = error
    }
    expect(isPalateError(thrown) && thrown.message).toBe(message)
    expect(exitCodeOf(thrown)).toBe(2)
  })

  it('whatever else fails is no wrong usage', () => {
    expect(exitCodeOf(new Error('x'))).toBe(1)
  })
})

describe('what people read', () => {
  it('durations', () => {
    expect([850, 12_000, 200_000, 180_000, 7_500_000, 7_200_000].map(formatDuration)).toEqual([
      '850 ms',
      '12 s',
      '3 min 20 s',
      '3 min',
      '2 h 5 min',
      '2 h',
    ])
  })

  it('a progress line fits its width, with a bar where there is room', () => {
    const line = { label: 'run 1', share: 0.5, detail: speedText(123.4, 65_000) }
    expect(progressText(line, 80)).toBe('run 1 [###############---------------]  50 % 123 updates/s, 1 min 5 s left')
    expect(progressText(line, 30)).toHaveLength(30)
    expect(progressText({ ...line, share: 7 }, 80)).toContain('100 %')
    expect(speedText(null, null)).toBe('')
  })

  it('tables with numbers to the right', () => {
    expect(
      textTable(
        ['name', 'n'],
        [
          ['a', 1],
          ['long', 100],
          ['none', null],
        ],
      ),
    ).toBe('name    n\na       1\nlong  100\nnone')
  })

  it('results: floors to ceiling, means over seeds', () => {
    const row = {
      split: 's',
      protocol: 'p',
      subset: 'full-length' as const,
      k: 20,
      metric: 'ndcg',
      users: 3,
      low: null,
      high: null,
    }
    const rows = [
      { ...row, model: 'b', seed: 1, value: 0.5 },
      { ...row, model: 'a', seed: 2, value: 0.9 },
      { ...row, model: 'a', seed: 1, value: 0.8 },
      { ...row, model: 'b', seed: 2, value: 0.3 },
    ]
    expect(resultText(rows, [])).toBe(
      'p, users with at least 20 candidates, k = 20, mean of 2 seeds\nmodel    ndcg  users\nb      0.4000      3\na      0.8500      3',
    )
    expect(sortRows(rows).map((sorted) => `${sorted.seed}${sorted.model}`)).toEqual(['1a', '1b', '2a', '2b'])
  })
})
