import type { LiveSetup } from '../../contract/dto/live.ts'
import type { LivePersona, PersonaOffer } from '../../contract/dto/persona.ts'
import { PalateError } from '../../contract/errors.ts'
import { castPersona, findPersona } from '../../engine/personas/_cast.ts'
import { personaGround } from '../../engine/personas/_ground.ts'
import type { PersonaDefinition, PersonaGround } from '../../engine/personas/_persona.types.ts'
import { personas } from '../../engine/personas/catalogue.gen.ts'
import { trainingTable } from '../../engine/training/split-tables.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import type { Workspace } from '../workspace.ts'
import { trainedRun } from './played-run.ts'

/** Runs whose items are kept in mind: a form asks again with each seed. */
const KEPT_GROUNDS = 4

/** Who the personas are on the training ratings of a run. */
export class Personas {
  readonly #workspace: Workspace
  /** By data set, split and seed. */
  readonly #grounds = new Map<string, Promise<PersonaGround>>()

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  /** All there are, by title; with a run as they are on its data. @throws PalateError RUN_NOT_FOUND, RUN_STATE */
  async offers(runId: number | undefined, seed: number): Promise<PersonaOffer[]> {
    const told = ({ id, title, about, shows }: PersonaDefinition) => ({ id, title, about, shows })
    const all = [...personas].sort((a, b) => (a.title < b.title ? -1 : 1))
    if (runId === undefined) return all.map((one) => ({ ...told(one), cast: null, unavailable: null }))
    const run = await trainedRun(this.#workspace, runId)
    const ground = await this.#groundOf(run)
    const items = await this.#workspace.repositories.items.catalogue(run.datasetId)
    return all.map((one) => {
      const cast = castPersona(one, ground, seed)
      if ('unavailable' in cast) return { ...told(one), cast: null, unavailable: cast.unavailable }
      const favourites = cast.favourites.map((itemIndex) => {
        const { itemId, title, genres } = items[itemIndex]!
        return { itemIndex, itemId, title: title ?? itemId, genres: [...genres] }
      })
      return { ...told(one), cast: { brief: cast.brief, favourites }, unavailable: null }
    })
  }

  /**
   * @returns null where no persona watches
   * @throws PalateError INPUT_INVALID (no such persona), DATA_UNSUITABLE (none on this data)
   */
  async cast(run: StoredRun, { viewer }: Pick<LiveSetup, 'viewer'>): Promise<LivePersona | null> {
    if (viewer.kind !== 'persona') return null
    const definition = findPersona(viewer.persona)
    const cast = castPersona(definition, await this.#groundOf(run), viewer.seed)
    if (!('unavailable' in cast)) return cast
    throw new PalateError(
      'DATA_UNSUITABLE',
      `The persona "${definition.title}" is not to be had on ${run.datasetName}. ${cast.unavailable} Choose another persona or viewer.`,
      { reason: cast.unavailable },
    )
  }

  #groundOf({ datasetId, split, seed }: StoredRun): Promise<PersonaGround> {
    const key = JSON.stringify([datasetId, split, seed])
    const made = this.#grounds.get(key) ?? this.#makeGround(datasetId, split, seed)
    this.#grounds.delete(key)
    this.#grounds.set(key, made)
    if (this.#grounds.size > KEPT_GROUNDS) this.#grounds.delete(this.#grounds.keys().next().value!)
    made.catch(() => this.#grounds.delete(key))
    return made
  }

  async #makeGround(datasetId: number, split: string, seed: number): Promise<PersonaGround> {
    const table = await this.#workspace.loadInteractions(datasetId)
    return personaGround(trainingTable(table, split, seed))
  }
}
