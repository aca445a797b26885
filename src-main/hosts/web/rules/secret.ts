import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** @returns 256 random bits as text that may stand in a URL, a cookie and a header */
export function createSecret(): string {
  return randomBytes(32).toString('base64url')
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** A set of secrets that are kept only as digests and compared in constant time. */
export interface SecretSet {
  add(secret: string): void
  has(candidate: string): boolean
  /** Like `has`, but a secret that was found is forgotten: it works once. */
  take(candidate: string): boolean
}

/** @param capacity how many secrets are kept; the oldest goes when another comes */
export function createSecretSet(capacity: number): SecretSet {
  const digests: Buffer[] = []
  // Every digest is compared, so that the time tells neither which one matched nor whether any did.
  const find = (candidate: string) => {
    const wanted = digest(candidate)
    let found = -1
    digests.forEach((known, index) => {
      if (timingSafeEqual(known, wanted)) found = index
    })
    return found
  }
  return {
    add: (secret) => {
      digests.push(digest(secret))
      if (digests.length > capacity) digests.shift()
    },
    has: (candidate) => find(candidate) >= 0,
    take: (candidate) => {
      const index = find(candidate)
      if (index < 0) return false
      digests.splice(index, 1)
      return true
    },
  }
}
