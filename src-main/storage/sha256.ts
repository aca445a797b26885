import { createHash } from 'node:crypto'

/** SHA-256 in hexadecimal digits: what is read is compared with it before it is used. */
export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
