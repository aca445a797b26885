import { shell } from 'electron'

/** Every address outside the program that a click may open: homes of data sets, papers and licences. */
const allowed: readonly string[] = [
  'https://grouplens.org/datasets/',
  'https://doi.org/',
  'https://arxiv.org/abs/',
  'https://www.apache.org/licenses/',
]

/**
 * The only way to the user's browser: other schemes than https would start other programs.
 *
 * @returns whether the address is on the list and was handed over
 */
export function openExternal(address: string): boolean {
  if (!isAllowedAddress(address)) return false
  void shell.openExternal(new URL(address).href)
  return true
}

export function isAllowedAddress(address: string): boolean {
  const url = URL.parse(address)
  if (!url || url.protocol !== 'https:' || url.username !== '' || url.password !== '') return false
  return allowed.some((prefix) => url.href.startsWith(prefix))
}
