import type { IncomingMessage } from 'node:http'
import type { DataSource } from './data-source.ts'
import { cutShort, downloadCancelled, downloadFailed, megabytes } from './download-errors.ts'
import type { DownloadMeter } from './download-meter.ts'
import { ask, type Network } from './network.ts'
import { PartFile } from './part-file.ts'
import { isAsPublished } from './verify-file.ts'

/** What is more than so many times as large as it should be is another file. */
const MOST_TIMES_EXPECTED = 2

export interface Fetching {
  /** Where parts are kept. */
  readonly folder: string
  readonly network: Network
  readonly meter: DownloadMeter
  readonly signal: AbortSignal
}

/**
 * Fetches the file of a source, or the rest of it where a part is there, and verifies it. A file that has changed on the
 * server meanwhile, and a server that sends no parts, begin anew.
 *
 * @returns the file, complete and verified; it stays until `discard`
 * @throws PalateError NETWORK_UNREACHABLE; DOWNLOAD_FAILED (status, redirect, cut, too large, wrong checksum); DISK_FULL;
 *         WORKSPACE_UNUSABLE; CANCELLED. After a cut or a cancellation the part stays, if the server lets it be gone on with.
 */
export async function fetchFile(source: DataSource, fetching: Fetching): Promise<PartFile> {
  const part = await PartFile.find(fetching.folder, source)
  try {
    // The second time nothing is asked to be gone on with, so that there is no third.
    if (!part.isComplete && !(await receive(source, part, fetching))) await receive(source, part, fetching)
    fetching.meter.verifies(part.bytes)
    if (await isAsPublished(source, part.path, fetching)) return part
  } catch (error) {
    throw fetching.signal.aborted ? downloadCancelled(source, part.keptBytes) : error
  }
  await part.discard()
  const advice = `It was thrown away. Start again; if that does not help, see ${source.home} whether there is a new one.`
  throw downloadFailed(source, 'its checksum is not the one published, so it is damaged or another file', advice)
}

/** @returns false when the part does not fit the server's file and was thrown away */
async function receive(source: DataSource, part: PartFile, fetching: Fetching): Promise<boolean> {
  const response = await ask(source, {
    ...fetching,
    url: new URL(source.url),
    headers: part.validator === undefined ? {} : { range: `bytes=${part.bytes}-`, 'if-range': part.validator },
  })
  try {
    const answer = answerOf(source, part, response)
    if (answer === 'does not fit') {
      await part.discard()
      return false
    }
    if (answer.from === 0) await part.begin(validatorOf(response), answer.total)
    else await part.goOn()
    fetching.meter.flows(answer.from, answer.total)
    await store(source, part, response, fetching)
    return true
  } finally {
    response.destroy()
  }
}

type Answer = { readonly from: number; readonly total: number | null } | 'does not fit'

function answerOf(source: DataSource, part: PartFile, response: IncomingMessage): Answer {
  const { statusCode: status = 0, headers } = response
  const length = /^\d{1,15}$/.test(headers['content-length'] ?? '') ? Number(headers['content-length']) : null
  if (status === 200) {
    if ((length ?? 0) > source.bytes * MOST_TIMES_EXPECTED) throw tooLarge(source, length ?? 0)
    return { from: 0, total: length }
  }
  const resumes = part.bytes > 0
  if (status === 206 && resumes) {
    const [, from, total] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(headers['content-range'] ?? '') ?? []
    const same = Number(from) === part.bytes && Number(total) === (part.total ?? Number(total))
    // A server that does not know If-Range sends the rest of whatever its file is now.
    const now = validatorOf(response)
    const changed = now !== undefined && now !== part.validator
    return same && !changed ? { from: part.bytes, total: Number(total) } : 'does not fit'
  }
  if (status === 416 && resumes) return 'does not fit'
  throw badStatus(source, status, part.keptBytes)
}

/** A strong entity tag or, without one, a date; a weak tag does not vouch for bytes. */
function validatorOf({ headers }: IncomingMessage): string | undefined {
  return headers.etag !== undefined && !headers.etag.startsWith('W/') ? headers.etag : headers['last-modified']
}
async function store(source: DataSource, part: PartFile, response: IncomingMessage, { meter, signal }: Fetching): Promise<void> {
  let complete = false
  const chunks = response[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw signal.aborted ? error : cutShort(source, error, part.bytes, part.keptBytes)
      })
      if (next.done) break
      await part.append(next.value as Uint8Array)
      meter.received(part.bytes)
      if (part.bytes > source.bytes * MOST_TIMES_EXPECTED) {
        await part.discard()
        throw tooLarge(source, part.bytes)
      }
    }
    complete = true
  } finally {
    await part.close(complete)
  }
}

function tooLarge(source: DataSource, bytes: number): Error {
  const reason = `the server sends ${megabytes(bytes)} or more where ${megabytes(source.bytes)} are expected`
  return downloadFailed(source, reason, `See ${source.home} what has become of it.`)
}

function badStatus(source: DataSource, status: number, keptBytes: number): Error {
  const { hostname } = new URL(source.url)
  if (status === 404 || status === 410) {
    return downloadFailed(source, `${hostname} has it no longer (${status})`, `See ${source.home} where it is now.`, keptBytes)
  }
  if (status >= 500) {
    return downloadFailed(source, `${hostname} has a fault of its own (${status})`, 'Try again later.', keptBytes)
  }
  const advice = `Try again later, or get it by hand from ${source.home} and import the file.`
  return downloadFailed(source, `${hostname} refuses it (${status})`, advice, keptBytes)
}
