import { favouritesAmong, opposedGenres } from './_choosing.ts'
import type { PersonaDefinition } from './_persona.types.ts'

/** One clear taste with its opposite: what a first lesson wants. */
const fan: PersonaDefinition = {
  id: 'fan',
  title: 'Fan of one genre',
  about: 'Loves one genre, dislikes another, and passes over the rest.',
  shows: 'Whether a policy finds a plain taste, and lets go of what is disliked.',
  cast(ground, rng) {
    const [loved, hated] = opposedGenres(ground, rng)
    const items = ground.genres!.get(loved)!.filter((item) => !ground.has(item, hated))
    return {
      brief: `You love ${loved}. You dislike ${hated}, even where it is ${loved} too. All else leaves you cold: pass over it.`,
      favourites: favouritesAmong(ground, items, rng, { known: 50, what: `items of ${loved} that are not ${hated}` }),
      taste: {
        by: 'rules',
        rules: [
          { say: 'dislike', genres: [hated] },
          { say: 'like', genres: [loved] },
        ],
      },
    }
  },
}

export default fan
