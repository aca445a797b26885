import type { DataSource } from '../data-source.ts'
import { citation, files, latestSetTerms, pages } from './_grouplens.ts'

/** Counts, size and SHA-256 are those of the edition of September 2018. */
export default {
  id: 'ml-latest-small',
  title: 'MovieLens latest-small',
  doc: 'Ratings from 0.5 to 5 of the years 1996 to 2018. To try things on: GroupLens may change it, so that results on it compare badly.',
  bytes: 978_202,
  sha256: '696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436',
  changes: true,
  ratings: 100_836,
  users: 610,
  items: 9742,
  url: `${files}/ml-latest-small.zip`,
  home: `${pages}/latest/`,
  licence: { terms: latestSetTerms, url: `${files}/ml-latest-small-README.html` },
  citation,
} as const satisfies DataSource
