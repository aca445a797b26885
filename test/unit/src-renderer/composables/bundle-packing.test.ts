import { expect, it } from 'vitest'
import { whyNotPacked } from '../../../../src-renderer/stores/bundles.ts'

it('runs go into one bundle once they have ended, if they are of one data set', () => {
  const run = (state: 'finished' | 'diverged' | 'running', datasetId = 1) => ({ state, datasetId })
  expect(whyNotPacked([run('finished'), run('diverged')])).toBeNull()
  expect(whyNotPacked([run('finished'), run('running')])).toBe('Only runs that have ended are packed.')
  expect(whyNotPacked([run('finished'), run('finished', 2)])).toBe('A bundle holds runs of one data set.')
  expect(whyNotPacked(Array.from({ length: 201 }, () => run('finished')))).toBe('A bundle holds 200 runs at most.')
})
