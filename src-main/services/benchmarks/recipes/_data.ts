import type { RecipeData } from '../recipe.ts'

/** The public data sets that the papers measure on. MovieLens is known by its counts, so that any format of it will do. */

export const movieLens100k: RecipeData = {
  id: 'ml-100k',
  title: 'MovieLens-100k',
  is: ({ users, ratings }) => users === 943 && ratings === 100_000,
}

export const movieLens1m: RecipeData = {
  id: 'ml-1m',
  title: 'MovieLens-1M',
  is: ({ users, ratings }) => users === 6040 && ratings === 1_000_209,
}

export const bookCrossing: RecipeData = {
  id: 'book-crossing',
  title: 'Book-Crossing, explicit ratings',
  is: ({ format }) => format === 'book-crossing',
}

/** "Amazon-b" is not described in the paper: any Amazon reviews stand beside its figures, which the citation says. */
export const amazon: RecipeData = {
  id: 'amazon',
  title: 'Amazon reviews (for "Amazon-b")',
  is: ({ format }) => format.startsWith('amazon'),
}

export const jester: RecipeData = { id: 'jester', title: 'Jester', is: ({ format }) => format === 'jester' }
