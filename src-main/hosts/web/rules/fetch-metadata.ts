import type { IncomingHttpHeaders } from 'node:http'

/**
 * What browsers say about where a request comes from. Requests by other sites and by other ports of this machine are
 * refused before anything is looked at; a person who follows a link to the start page is let through.
 */
export function isForeignFetch(headers: IncomingHttpHeaders, isStartPage: boolean): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return !(isStartPage && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document')
}
