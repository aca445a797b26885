import { favouritesAmong, itemsWithin } from './_choosing.ts'
import type { PersonaDefinition } from './_persona.types.ts'

/** Shares of the rated items by esteem. */
const PANNED = 0.4
const PRAISED = 0.8
/** Favourites are known to more than half: what nobody saw is no opinion. */
const KNOWN_TO_MANY = 0.5

const contrarian: PersonaDefinition = {
  id: 'contrarian',
  title: 'Contrarian',
  about: 'Likes what others think poor, and dislikes what they praise.',
  shows: 'Whether dislikes count: a policy that hears of likes alone, or of the mean alone, keeps praising.',
  cast(ground, rng) {
    const items = itemsWithin(ground, { popularity: [KNOWN_TO_MANY, 1], esteem: [0, PANNED] })
    return {
      brief:
        'You like what others think poor: the lowest two fifths by mean rating. You dislike what they praise: the highest fifth. Pass over what lies between.',
      favourites: favouritesAmong(ground, items, rng, { known: 50, what: 'well known items that others think poor' }),
      taste: {
        by: 'rules',
        rules: [
          { say: 'dislike', esteem: [PRAISED, 1] },
          { say: 'like', esteem: [0, PANNED] },
        ],
      },
    }
  },
}

export default contrarian
