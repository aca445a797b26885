import type { GenreTestReport } from '../../src-main/contract/dto/genre-test.ts'
import type { GenreMean } from '../../src-main/contract/dto/dataset-figures.ts'

/** A run and what the test found of it. */
export interface TestedRun {
  readonly name: string
  readonly report: GenreTestReport
}

/** Few enough that the first answer comes soon. */
const usual = 4

/** The genres that most items have: those that a person will want to ask about first. */
export function usualGenres(genres: readonly GenreMean[]): string[] {
  const named = genres.filter(({ genre }) => genre !== '')
  return named
    .toSorted((a, b) => b.items - a.items)
    .slice(0, usual)
    .map(({ genre }) => genre)
}
