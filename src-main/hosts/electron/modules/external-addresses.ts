/** Every address outside the program that a click may open: homes of data sets, papers and licences. */
const allowed: readonly string[] = [
  'https://grouplens.org/datasets/',
  'https://files.grouplens.org/datasets/movielens/',
  'https://doi.org/',
  'https://arxiv.org/abs/',
  'https://www.apache.org/licenses/',
]

/** @returns whether `address` is https, without user or password, and begins with one of the fixed list, as the browser reads it */
export function isAllowedAddress(address: string): boolean {
  const url = URL.parse(address)
  if (!url || url.protocol !== 'https:' || url.username !== '' || url.password !== '') return false
  return allowed.some((prefix) => url.href.startsWith(prefix))
}
