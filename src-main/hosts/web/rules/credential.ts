import type { IncomingMessage } from 'node:http'
import { createSecret, createSecretSet, type SecretSet } from './secret.ts'

/** How a request proves that it may speak to this host. */
export type Credential = 'bearer' | 'session' | 'none'

export interface Credentials {
  /** The long secret, for the 0600 file. */
  readonly token: string
  /** @returns a secret for a URL that opens one session */
  createOneTimeToken(): string
  /** Exchanges a URL's secret for the Set-Cookie of a new session, once. */
  exchange(oneTimeToken: string): string | undefined
  credentialOf(request: IncomingMessage): Credential
}

/**
 * @param instance tells the hosts of one machine apart: cookies ignore ports, so two hosts on `localhost` would otherwise
 *                 overwrite each other's
 */
export function createCredentials(instance: string): Credentials {
  const cookieName = `palate-${instance}`
  const token = createSecret()
  const tokens = createSecretSet(1)
  const oneTimeTokens = createSecretSet(8)
  const sessions = createSecretSet(256)
  tokens.add(token)
  return {
    token,
    createOneTimeToken: () => {
      const oneTimeToken = createSecret()
      oneTimeTokens.add(oneTimeToken)
      return oneTimeToken
    },
    exchange: (oneTimeToken) => {
      if (!oneTimeTokens.take(oneTimeToken)) return undefined
      const session = createSecret()
      sessions.add(session)
      return `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`
    },
    credentialOf: (request) => {
      const authorization = request.headersDistinct['authorization']
      // A request that brings the header is judged by it alone, whatever cookies come along.
      if (authorization !== undefined) return isBearer(authorization, tokens) ? 'bearer' : 'none'
      const cookies = cookiesNamed(cookieName, request.headersDistinct['cookie'] ?? [])
      return cookies.some((cookie) => sessions.has(cookie)) ? 'session' : 'none'
    },
  }
}

function isBearer(values: readonly string[], tokens: SecretSet): boolean {
  const match = values.length === 1 ? /^Bearer ([\w-]{43})$/i.exec(values[0] ?? '') : null
  return match?.[1] !== undefined && tokens.has(match[1])
}

/** At most four, so that a header full of cookies costs no more than a few comparisons. */
function cookiesNamed(name: string, headers: readonly string[]): string[] {
  return headers
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .slice(0, 4)
    .map((pair) => pair.slice(name.length + 1))
}
