import { favouritesAmong, itemsWithin } from './_choosing.ts'
import type { PersonaDefinition } from './_persona.types.ts'

const drifter: PersonaDefinition = {
  id: 'drifter',
  title: 'Drifting taste',
  about: 'Begins at the favourites, and comes to like more of whatever was liked last.',
  shows: 'How far a policy leads a viewer away: the liked lane ends elsewhere than it began.',
  cast(ground, rng) {
    const items = itemsWithin(ground, { popularity: [0.5, 1] })
    return {
      brief:
        'You begin at your favourites. With each item that you like, your taste moves half the way to it: judge by what you liked last. You never leave.',
      favourites: favouritesAmong(ground, items, rng, { known: 100, what: 'items in the more rated half' }),
      taste: {
        by: 'virtual',
        settings: { clickBase: -1.5, drift: 0.5, boredom: 0, leaveBase: -20, impatience: 0, fatigue: 0, dislikeBelow: 0 },
      },
    }
  },
}

export default drifter
