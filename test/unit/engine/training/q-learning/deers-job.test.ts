import { expect, it } from 'vitest'
import { run, smallAgent, specOf } from '../../../../support/job-lab.ts'
import { withAttributes } from '../../../../support/supervised-lab.ts'
import { starWorld } from '../../../../support/worlds.ts'

const world = starWorld({ users: 10, items: 20, perUser: 14 })
const deers = (change = {}) => specOf('deers', { ...smallAgent, updates: 50, ...change })
const said = (outcome: ReturnType<typeof run>) => outcome.remarks.filter((remark) => remark.startsWith('Competitor'))
const pairwise = (outcome: ReturnType<typeof run>) => outcome.points.filter((point) => point.name === 'pairwise')

it('DEERS says what share of the ratings has a competitor, and draws the pairwise term', () => {
  const outcome = run(deers(), withAttributes(world))
  expect(said(outcome)).toEqual([expect.stringMatching(/^Competitor items: [1-9]\d? % of the training ratings have one\.$/)])
  expect(pairwise(outcome)).toHaveLength(1)
})

it('DEERS says that there are no competitors where no item has a genre, and learns as without the term', () => {
  const outcome = run(deers(), world)
  expect(said(outcome)).toEqual([
    'Competitor items: none, because the items of this data set have no genres; the pairwise term was left out.',
  ])
  expect(pairwise(outcome)).toEqual([])
  const without = run(deers({ pairwiseWeight: 0 }), world)
  expect(without.recommendations).toEqual(outcome.recommendations)
  expect(said(without)).toEqual([])
})
