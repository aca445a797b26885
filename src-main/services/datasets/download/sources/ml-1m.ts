import type { DataSource } from '../data-source.ts'
import { citation, files, fixedSetTerms, pages } from './_grouplens.ts'

export default {
  id: 'ml-1m',
  title: 'MovieLens 1M',
  doc: 'Ratings from 1 to 5 by users who joined in 2000, with age, gender and occupation. Large enough for figures that hold.',
  bytes: 5_917_549,
  sha256: 'a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20',
  changes: false,
  ratings: 1_000_209,
  users: 6040,
  items: 3883,
  url: `${files}/ml-1m.zip`,
  home: `${pages}/1m/`,
  licence: { terms: fixedSetTerms, url: `${files}/ml-1m-README.txt` },
  citation,
} as const satisfies DataSource
