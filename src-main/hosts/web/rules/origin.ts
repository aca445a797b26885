import type { Credential } from './credential.ts'

/**
 * A page elsewhere must not act in the name of ours. The Origin is compared with Host and not with our own port, because a
 * tunnel changes the port. The host serves plain http only, so any other scheme is another page.
 *
 * @param values every Origin header of the request
 * @param host   the request's Host, already found to be allowed
 * @returns whether the request may change something; without an Origin only the holder of the token may
 */
export function isOwnOrigin(values: readonly string[] | undefined, host: string, credential: Credential): boolean {
  if (values === undefined || values.length === 0) return credential === 'bearer'
  return values.length === 1 && values[0] === `http://${host}`
}
