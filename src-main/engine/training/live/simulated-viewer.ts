import type { LiveResponse } from '../../../contract/dto/live.ts'
import { PalateError } from '../../../contract/errors.ts'
import type { SimulatedUsers } from '../../core/simulator.ts'
import { learnEvaluationWorld } from '../../simulation/_learn-world.ts'
import type { SplitTables } from '../split-tables.ts'

/** The world that live sessions are played in: the same for all sessions on a split, so that they can be compared. */
const SIMULATOR = 'logged'
const WORLD = 0

/** Answers in the place of a person: as a user of the data set would, by all of the user's ratings. Learnt with the first question. */
export class SimulatedViewer {
  readonly #tables: SplitTables
  #users: SimulatedUsers | undefined

  constructor(tables: SplitTables) {
    this.#tables = tables
  }

  /** Depends on user and item alone. @throws PalateError INPUT_INVALID */
  responses(userIndex: number, slate: Int32Array): LiveResponse[] {
    const { userCount } = this.#tables.train
    if (userIndex >= userCount) {
      const message = `There is no user ${userIndex} in the data set: it has ${userCount}.`
      throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'as', message }] })
    }
    const users = (this.#users ??= this.#learn())
    users.begin(0, userIndex)
    return Array.from(slate, (itemIndex): LiveResponse => {
      const { rating } = users.answer(0, itemIndex)
      return Number.isNaN(rating) ? { itemIndex, feedback: 'skip' } : { itemIndex, feedback: 'rating', rating }
    })
  }

  #learn(): SimulatedUsers {
    const learning = learnEvaluationWorld(SIMULATOR, {}, this.#tables, WORLD)
    for (let next = learning.next(); ; next = learning.next()) if (next.done) return next.value.users(1)
  }
}
