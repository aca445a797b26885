import type { LiveSetup } from '../../../src-main/contract/dto/live.ts'
import type { LivePersona, PersonaOffer } from '../../../src-main/contract/dto/persona.ts'
import { fakeItem } from './dataset-page.ts'

const fan = {
  title: 'Fan of one genre',
  about: 'Loves one genre, dislikes another, and passes over the rest.',
  shows: 'Whether a policy finds a plain taste, and lets go of what is disliked.',
}

/** Two of them: the fan is to be had, with favourites that the seed moves, and popular taste is not. */
export function fakePersonas(seed: number): PersonaOffer[] {
  const favourites = favouritesOf(seed).map((item) => {
    const { itemIndex, itemId, title, genres } = fakeItem(item)
    return { itemIndex, itemId, title: title ?? itemId, genres }
  })
  const popular = {
    title: 'Popular taste',
    about: 'Likes what everybody knows, and wants nothing that hardly anybody has heard of.',
    shows: 'How far a policy beats the list of the most rated: for this viewer that list is hard to beat.',
  }
  return [
    { id: 'fan', ...fan, cast: { brief, favourites }, unavailable: null },
    {
      id: 'mainstream',
      ...popular,
      cast: null,
      unavailable: 'It needs 5 items in the most rated tenth; the training ratings hold 3.',
    },
  ]
}

export function fakePersona({ viewer }: LiveSetup): LivePersona | null {
  if (viewer.kind !== 'persona') return null
  return {
    ...fan,
    brief,
    favourites: favouritesOf(viewer.seed),
    taste: { by: 'rules', rules: [{ say: 'like', genres: ['Horror'] }] },
  }
}

const brief = 'You love Horror. You dislike Romance, even where it is Horror too. All else leaves you cold: pass over it.'
const favouritesOf = (seed: number) => [0, 3, 6, 9, 12].map((item) => item + (seed % 3))
