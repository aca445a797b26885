import { choice, int } from '../../../contract/params.ts'
import { defineProtocol } from '../../core/protocol.ts'
import logged from '../../simulation/logged.ts'
import virtual from '../../simulation/virtual.ts'

export default defineProtocol({
  id: 'online-simulated',
  title: 'Online, simulated users',
  doc: 'Each user of the test side is simulated and answers T recommendations, one by one, from all items that the user has not rated in training, none twice. Policies take the answers and are set back before each user; static models keep their one order. The oracle takes what the user will like best.',
  caution:
    'Not comparable with other protocols or settings, because answers are ratings where there are any, and otherwise what a factorisation of all ratings predicts; or the choices of virtual users.',
  candidates: 'simulated',
  sequential: true,
  params: {
    steps: int({ default: 20, min: 1, max: 1000, symbol: 'T', doc: 'Recommendations to each user.' }),
    users: int({
      default: 500,
      min: 0,
      max: 10_000_000,
      doc: 'Users drawn at random of those with a test rating, the same for all models on a split; 0 takes all.',
    }),
    seed: int({ default: 0, min: 0, max: 2 ** 31 - 1, doc: 'Of the simulated world; never that of a run.' }),
    simulator: choice({
      default: 'logged',
      doc: 'Who answers.',
      options: [logged, virtual].map(({ id, title, doc }) => ({ value: id, label: title, doc })),
    }),
    // Each takes what it knows; what both know means the same in both.
    ...virtual.params,
    ...logged.params,
  },
})
