import type { DataSource } from '../data-source.ts'
import { citation, files, fixedSetTerms, pages } from './_grouplens.ts'

export default {
  id: 'ml-100k',
  title: 'MovieLens 100k',
  doc: 'Ratings from 1 to 5 of the years 1997 and 1998, with age, gender and occupation of the users. The classic of small benchmarks.',
  bytes: 4_924_029,
  sha256: '50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229',
  changes: false,
  ratings: 100_000,
  users: 943,
  items: 1682,
  url: `${files}/ml-100k.zip`,
  home: `${pages}/100k/`,
  licence: { terms: fixedSetTerms, url: `${files}/ml-100k-README.txt` },
  citation,
} as const satisfies DataSource
