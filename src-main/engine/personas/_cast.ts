import type { LivePersona } from '../../contract/dto/persona.ts'
import { PalateError } from '../../contract/errors.ts'
import { Rng } from '../core/rng.ts'
import { personas } from './catalogue.gen.ts'
import { NotHere } from './_choosing.ts'
import type { PersonaDefinition, PersonaGround } from './_persona.types.ts'

/** @throws PalateError INPUT_INVALID */
export function findPersona(id: string): PersonaDefinition {
  const found = personas.find((one) => one.id === id)
  if (found) return found
  const message = `There is no persona "${id}". Choose among ${personas.map((known) => known.id).join(', ')}.`
  throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'persona', message }] })
}

/**
 * The persona on a data set, or why there is none. Consumes the stream "persona/ID" of the seed.
 *
 * @param seed another one is another viewer of the same kind
 */
export function castPersona(
  { id, title, about, shows, cast }: PersonaDefinition,
  ground: PersonaGround,
  seed: number,
): LivePersona | { readonly unavailable: string } {
  try {
    return { title, about, shows, ...cast(ground, Rng.stream(seed, `persona/${id}`)) }
  } catch (error) {
    if (error instanceof NotHere) return { unavailable: error.message }
    throw error
  }
}
