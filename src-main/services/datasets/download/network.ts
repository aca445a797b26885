import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { DataSource } from './data-source.ts'
import { downloadFailed, NoAnswer, unreachable } from './download-errors.ts'

/** The way out. The program has one, by https alone; only tests build another. */
export interface Network {
  readonly request: (url: URL, options: RequestOptions) => ClientRequest
  /** How long nothing may arrive. */
  readonly timeoutMs: number
}

/** node:https itself refuses every address that is not https. */
export const httpsNetwork: Network = { request: httpsRequest, timeoutMs: 30_000 }

const maxRedirects = 3
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

export interface Question {
  readonly url: URL
  readonly headers: OutgoingHttpHeaders
  readonly network: Network
  readonly signal: AbortSignal
}

/**
 * Asks for a file and gives the answer's head; its body is the caller's to read or to destroy. Redirects are followed on the
 * same host and scheme only: another host is nobody whom the person was told of.
 *
 * @throws PalateError NETWORK_UNREACHABLE, DOWNLOAD_FAILED (a redirect that is not followed); the signal's AbortError
 */
export async function ask(source: DataSource, question: Question): Promise<IncomingMessage> {
  let { url } = question
  for (let followed = 0; ; followed++) {
    const response = await connect(source, { ...question, url })
    const status = response.statusCode ?? 0
    if (!redirects.has(status)) return response
    response.destroy()
    const { location } = response.headers
    const next = location === undefined ? null : URL.parse(location, url.href)
    const home = `Get it by hand from ${source.home} and import the file.`
    if (next?.origin !== url.origin) {
      const where = next ? `to ${next.origin}` : 'to nowhere'
      throw downloadFailed(source, `${url.hostname} leads on ${where}, which Palate does not follow`, home)
    }
    if (followed === maxRedirects) throw downloadFailed(source, `${url.hostname} leads on in a circle`, home)
    url = next
  }
}

function connect(source: DataSource, { url, headers, network, signal }: Question): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let response: IncomingMessage | undefined
    const { timeoutMs } = network
    // A connection of its own, so that none lingers; without compression, so that bytes count as the file's.
    const own = { agent: false as const, timeout: timeoutMs, signal }
    const request = network.request(url, {
      ...own,
      headers: { 'accept-encoding': 'identity', 'user-agent': 'Palate', ...headers },
    })
    request.on('timeout', () => (response ?? request).destroy(new NoAnswer(timeoutMs)))
    request.on('response', (answer) => resolve((response = answer)))
    // It stays after the answer has come: an abort is told to the request as well.
    request.on('error', (error) => reject(signal.aborted ? error : unreachable(source, error)))
    request.end()
  })
}
