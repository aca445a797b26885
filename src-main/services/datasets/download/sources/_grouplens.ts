/** What all data sets of GroupLens have in common. Sizes and SHA-256 of their files are those that TensorFlow Datasets publishes. */

export const files = 'https://files.grouplens.org/datasets/movielens'
export const pages = 'https://grouplens.org/datasets/movielens'

export const citation = {
  text: 'F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM Transactions on Interactive Intelligent Systems (TiiS) 5, 4, Article 19 (December 2015), 19 pages.',
  url: 'https://doi.org/10.1145/2827872',
}

const common = [
  'For research. Commercial use, or anything that earns money, needs the permission of a faculty member of GroupLens first.',
  'Publications that come from it must name it and cite the article below.',
  'Nobody may claim or suggest that the University of Minnesota or GroupLens endorses them.',
  'It comes without warranty: neither that it is correct nor that it fits any purpose.',
]

/** The usual terms: the data must stay where it was fetched to. */
export const fixedSetTerms = [...common, 'It must not be passed on to others without separate permission.']
/** The terms of the sets that GroupLens renews. */
export const latestSetTerms = [...common, 'It may be passed on, also transformed, but only under these same terms.']
