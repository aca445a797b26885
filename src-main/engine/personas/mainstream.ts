import { favouritesAmong, itemsWithin } from './_choosing.ts'
import type { PersonaDefinition } from './_persona.types.ts'

/** The most rated tenth is what everybody knows; the less rated half hardly anybody. */
const EVERYBODY = 0.9
const HARDLY_ANYBODY = 0.5

const mainstream: PersonaDefinition = {
  id: 'mainstream',
  title: 'Popular taste',
  about: 'Likes what everybody knows, and wants nothing that hardly anybody has heard of.',
  shows: 'How far a policy beats the list of the most rated: for this viewer that list is hard to beat.',
  cast(ground, rng) {
    const items = itemsWithin(ground, { popularity: [EVERYBODY, 1] })
    return {
      brief:
        'You like what everybody knows: the most rated tenth. You dislike what hardly anybody has heard of: the less rated half. Pass over what lies between.',
      favourites: favouritesAmong(ground, items, rng, { known: 30, what: 'items in the most rated tenth' }),
      taste: {
        by: 'rules',
        rules: [
          { say: 'like', popularity: [EVERYBODY, 1] },
          { say: 'dislike', popularity: [0, HARDLY_ANYBODY] },
        ],
      },
    }
  },
}

export default mainstream
