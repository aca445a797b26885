import type { LiveAnswer, LiveResponse, LiveViewer } from '../../../contract/dto/live.ts'
import type { LivePersona, TasteRule } from '../../../contract/dto/persona.ts'
import { PalateError } from '../../../contract/errors.ts'
import { parseParams, type ParamValues } from '../../../contract/params.ts'
import { drain } from '../../core/generators.ts'
import type { Choice, SimulatedUsers } from '../../core/simulator.ts'
import { isPositive, type InteractionTable } from '../../data/interaction-table.ts'
import type { AnswerRecord } from '../../live/live-session.ts'
import { personaGround } from '../../personas/_ground.ts'
import type { PersonaGround } from '../../personas/_persona.types.ts'
import { saidByRules } from '../../personas/_taste.ts'
import { learnEvaluationWorld, learnTrainingWorld } from '../../simulation/_learn-world.ts'
import virtual from '../../simulation/virtual.ts'
import type { SplitTables } from '../split-tables.ts'

/** The world that live sessions are played in: the same for all sessions on a split, so that they can be compared. */
const WORLD = 0

/** Answers in the place of a person. */
export interface AnsweringViewer {
  /**
   * Depends on user, settings and what was answered before alone: whoever answered, the user moves on by it. A slate is looked at from
   * the top, up to the item at which the user leaves.
   *
   * @param userIndex null: whoever watches
   * @throws PalateError INPUT_INVALID
   */
  answer(userIndex: number | null, records: readonly AnswerRecord[], slate: Int32Array): LiveAnswer
}

/**
 * Whoever answers in a session: a user of the data set, by all of the user's ratings; a virtual user; or a persona, who knows the training
 * ratings alone, in favourites and answers.
 *
 * @throws PalateError PARAMS_INVALID
 */
export function simulatedViewer(tables: SplitTables, viewer: LiveViewer, persona: LivePersona | null): AnsweringViewer {
  return persona?.taste.by === 'rules'
    ? new RuledViewer(tables.train, persona.taste.rules)
    : new SimulatedViewer(tables, viewer, persona)
}

/** A persona whose rules decide; nothing is drawn by chance. */
class RuledViewer implements AnsweringViewer {
  readonly #train: InteractionTable
  readonly #rules: readonly TasteRule[]
  #ground: PersonaGround | undefined

  constructor(train: InteractionTable, rules: readonly TasteRule[]) {
    this.#train = train
    this.#rules = rules
  }

  answer(_: number | null, records: readonly AnswerRecord[], slate: Int32Array): LiveAnswer {
    const ground = (this.#ground ??= personaGround(this.#train))
    const shown = records.reduce((sum, { items }) => sum + items.length, 0)
    const responses = Array.from(slate, (item, at) => saidByRules(this.#rules, ground, item, shown + at))
    return { responses, leave: false }
  }
}

/** A user of the data set, or whoever is simulated as a stranger. Learnt with the first question. */
class SimulatedViewer implements AnsweringViewer {
  readonly #tables: SplitTables
  readonly #simulator: string
  readonly #settings: ParamValues
  /** Index of the virtual user in its world, behind all users; null where none watches. */
  readonly #stranger: number | null
  /** Of a persona, which its taste begins with; null where none watches. */
  readonly #favourites: readonly number[] | null
  #users: SimulatedUsers | undefined

  constructor(tables: SplitTables, viewer: LiveViewer, persona: LivePersona | null) {
    this.#tables = tables
    const settings = viewer.kind === 'virtual' ? viewer.settings : persona?.taste.by === 'virtual' ? persona.taste.settings : null
    this.#simulator = settings ? virtual.id : 'logged'
    this.#settings = settings ? checked(settings) : {}
    this.#stranger = settings && 'seed' in viewer ? tables.train.userCount + viewer.seed : null
    this.#favourites = persona?.favourites ?? null
  }

  answer(userIndex: number | null, records: readonly AnswerRecord[], slate: Int32Array): LiveAnswer {
    const user = this.#stranger ?? this.#known(userIndex)
    const users = (this.#users ??= this.#learn())
    users.begin(0, user, this.#favourites ?? [])
    const { scale } = this.#tables.train
    for (const { items } of records)
      for (const { item, rating } of items) users.shown(0, item, rating !== null && isPositive(rating, scale))
    const responses: LiveResponse[] = []
    for (const itemIndex of slate) {
      const { choice, rating } = users.answer(0, itemIndex)
      if (choice === 'leave') return { responses, leave: true }
      responses.push(this.#stranger === null ? rated(itemIndex, rating) : chosen(itemIndex, choice, rating))
    }
    return { responses, leave: false }
  }

  #known(userIndex: number | null): number {
    if (userIndex === null) {
      throw wrong('A guest has no ratings to answer by: say which user of the data set the answers should come from.')
    }
    const { userCount } = this.#tables.train
    if (userIndex < userCount) return userIndex
    throw wrong(`There is no user ${userIndex} in the data set: it has ${userCount}.`)
  }

  #learn(): SimulatedUsers {
    const learning = this.#favourites
      ? learnTrainingWorld(this.#simulator, this.#settings, this.#tables.train, WORLD)
      : learnEvaluationWorld(this.#simulator, this.#settings, this.#tables, WORLD)
    return drain(learning).users(1)
  }
}

function rated(itemIndex: number, rating: number): LiveResponse {
  return Number.isNaN(rating) ? { itemIndex, feedback: 'skip' } : { itemIndex, feedback: 'rating', rating }
}

/** A virtual user clicks, says aloud that something is not liked, or passes over. */
function chosen(itemIndex: number, choice: Choice, rating: number): LiveResponse {
  if (choice === 'click') return { itemIndex, feedback: 'like' }
  return { itemIndex, feedback: Number.isNaN(rating) ? 'skip' : 'dislike' }
}

function checked(settings: ParamValues): ParamValues {
  const parsed = parseParams(virtual.params, settings)
  if (parsed.ok) return parsed.values
  const message = `The virtual user cannot be set so. ${parsed.issues.map((issue) => issue.message).join(' ')}`
  throw new PalateError('PARAMS_INVALID', message, { issues: parsed.issues })
}

function wrong(message: string): PalateError {
  return new PalateError('INPUT_INVALID', message, { issues: [{ path: 'as', message }] })
}
