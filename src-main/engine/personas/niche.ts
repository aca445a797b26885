import { favouritesAmong, itemsWithin } from './_choosing.ts'
import type { PersonaDefinition } from './_persona.types.ts'

/** The most rated tenth is what everybody knows; what more than two thirds know less of than the rest is a find. */
const EVERYBODY = 0.9
const FIND = 0.7
const WELL_THOUGHT_OF = 0.5

const niche: PersonaDefinition = {
  id: 'niche',
  title: 'Niche taste',
  about: 'Looks for good things that few know, and is tired of what everybody knows.',
  shows: 'Whether a policy ever leaves the head of the catalogue, and whether dislikes drive it out.',
  cast(ground, rng) {
    const finds = { popularity: [0, FIND], esteem: [WELL_THOUGHT_OF, 1] } as const
    const items = itemsWithin(ground, finds)
    return {
      brief:
        'You like what few know and those few think well of: the less rated seven tenths, and of these the better half. You dislike what everybody knows: the most rated tenth. Pass over the rest.',
      favourites: favouritesAmong(ground, items, rng, { known: 50, what: 'items that few rated, and rated well' }),
      taste: {
        by: 'rules',
        rules: [
          { say: 'dislike', popularity: [EVERYBODY, 1] },
          { say: 'like', popularity: [...finds.popularity], esteem: [...finds.esteem] },
        ],
      },
    }
  },
}

export default niche
