import { favouritesAmong, opposedGenres } from './_choosing.ts'
import type { PersonaDefinition } from './_persona.types.ts'

/** Items shown before the taste turns. */
const TURNS_AFTER = 10

const turncoat: PersonaDefinition = {
  id: 'turncoat',
  title: 'Change of heart',
  about: 'Loves one genre for ten items, then has had enough of it and wants another.',
  shows: 'How fast a policy follows a taste that turns, and how long the old favourites hold it back.',
  cast(ground, rng) {
    const [before, after] = opposedGenres(ground, rng)
    const items = ground.genres!.get(before)!.filter((item) => !ground.has(item, after))
    return {
      brief: `For the first ${TURNS_AFTER} items you love ${before}. From then on you love ${after}, and dislike ${before} unless it is ${after} too. Pass over all else.`,
      favourites: favouritesAmong(ground, items, rng, { known: 50, what: `items of ${before} that are not ${after}` }),
      taste: {
        by: 'rules',
        rules: [
          { say: 'like', genres: [before], shown: { from: 0, to: TURNS_AFTER } },
          { say: 'like', genres: [after], shown: { from: TURNS_AFTER } },
          { say: 'dislike', genres: [before], shown: { from: TURNS_AFTER } },
        ],
      },
    }
  },
}

export default turncoat
