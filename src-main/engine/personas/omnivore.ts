import { bestKnown, listed, lovableGenres, NotHere } from './_choosing.ts'
import type { PersonaDefinition } from './_persona.types.ts'

const TASTES = 5
/** A favourite is drawn among so many of its genre's most rated. */
const KNOWN = 20
/** Of the rated items, the lowest share in esteem: thought poor. */
const POOR = 0.25

/** Likes whatever it is shown of five genres, so that nothing but the policy itself narrows what is shown. */
const omnivore: PersonaDefinition = {
  id: 'omnivore',
  title: 'Broad taste',
  about: 'Likes five genres alike, and dislikes only what is widely thought poor.',
  shows: 'Whether a policy keeps several tastes alive, or narrows onto the one that was liked first.',
  cast(ground, rng) {
    const genres = rng.shuffle(lovableGenres(ground, TASTES)).slice(0, TASTES)
    const favourites: number[] = []
    for (const genre of genres) {
      const fine = ground.genres!.get(genre)!.filter((item) => !(ground.esteem[item]! < POOR) && !favourites.includes(item))
      if (fine.length === 0) throw new NotHere(`It needs items of ${genre} that are not thought poor; there is none.`)
      const known = bestKnown(ground, fine).slice(0, KNOWN)
      favourites.push(known[rng.below(known.length)]!)
    }
    return {
      brief: `You like ${listed(genres)}, one as much as the other. Only what nearly everybody finds poor you dislike; pass over the rest.`,
      favourites,
      taste: {
        by: 'rules',
        rules: [
          { say: 'dislike', esteem: [0, POOR] },
          { say: 'like', genres },
        ],
      },
    }
  },
}

export default omnivore
