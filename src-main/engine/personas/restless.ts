import { favouritesAmong, itemsWithin } from './_choosing.ts'
import type { PersonaDefinition } from './_persona.types.ts'

const restless: PersonaDefinition = {
  id: 'restless',
  title: 'Easily bored',
  about: 'Likes what is near the favourites, is put off by more of the same, and leaves when nothing pleases.',
  shows: 'Whether a policy varies what it shows before the viewer is gone.',
  cast(ground, rng) {
    const items = itemsWithin(ground, { popularity: [0.5, 1] })
    return {
      brief:
        'You like what is near your favourites, but not twice in a row: what is like the last ten items bores you. After a few that bore you, leave.',
      favourites: favouritesAmong(ground, items, rng, { known: 100, what: 'items in the more rated half' }),
      taste: { by: 'virtual', settings: { clickBase: -0.5, boredom: 6, impatience: 0.35, dislikeBelow: -0.2 } },
    }
  },
}

export default restless
