import { createHash } from 'node:crypto'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { DataSource } from '../../src-main/services/datasets/download/data-source.ts'
import type { Network } from '../../src-main/services/datasets/download/network.ts'
import { makeZip } from './make-zip.ts'

/** How the server behaves; a test changes it between two downloads. */
export interface FileServerManners {
  file: Buffer
  etag: string | undefined
  lastModified: string | undefined
  /** Answers 206 to a range that fits; without it the whole file comes again. */
  ranges: boolean
  /** Looks at If-Range, as it must. */
  heedsIfRange: boolean
  /** After so many bytes of a body nothing more comes. */
  stallAfter: number | undefined
  /** Between 16 KiB and the next. */
  paceMs: number
  /** Instead of the file. */
  answer: { status: number; headers?: Record<string, string> } | undefined
  chunked: boolean
  /** What `FILE.md5` holds; undefined: there is none. */
  md5: string | undefined
}

export interface FileServer {
  readonly url: string
  readonly manners: FileServerManners
  /** "PATH RANGE" of every request. */
  readonly asked: string[]
  /** Bytes of bodies sent, in all. */
  readonly sent: () => number
  /** Cuts every connection; new ones are taken. */
  cut(): void
  close(): Promise<void>
}

/** A real server on 127.0.0.1 with one file, with good or bad manners. */
export async function startFileServer(file: Buffer): Promise<FileServer> {
  const manners: FileServerManners = {
    file,
    etag: '"one"',
    lastModified: undefined,
    ranges: true,
    heedsIfRange: true,
    stallAfter: undefined,
    paceMs: 1,
    answer: undefined,
    chunked: false,
    md5: undefined,
  }
  const asked: string[] = []
  let sent = 0
  const server = createServer((question, response) => {
    asked.push(`${question.url} ${question.headers.range ?? 'whole'}`)
    void reply(manners, question, response, (bytes) => (sent += bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The file server has no port.')
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  onTestFinished(close)
  return {
    url: `http://127.0.0.1:${address.port}`,
    manners,
    asked,
    sent: () => sent,
    cut: () => server.closeAllConnections(),
    close,
  }
}

async function reply(
  manners: FileServerManners,
  question: IncomingMessage,
  response: ServerResponse,
  count: (bytes: number) => void,
): Promise<void> {
  if (question.url?.endsWith('.md5')) {
    response.writeHead(manners.md5 === undefined ? 404 : 200).end(manners.md5)
    return
  }
  if (manners.answer) return void response.writeHead(manners.answer.status, manners.answer.headers).end()
  const from = startOf(manners, question)
  const { file } = manners
  if (from >= file.length) return void response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end()
  const body = file.subarray(from)
  if (manners.etag !== undefined) response.setHeader('etag', manners.etag)
  if (manners.lastModified !== undefined) response.setHeader('last-modified', manners.lastModified)
  if (!manners.chunked) response.setHeader('content-length', body.length)
  if (from > 0) response.setHeader('content-range', `bytes ${from}-${file.length - 1}/${file.length}`)
  response.writeHead(from > 0 ? 206 : 200)
  const end = manners.stallAfter ?? body.length
  for (let at = 0; at < end; at += 16_384) {
    const piece = body.subarray(at, Math.min(end, at + 16_384))
    response.write(piece)
    count(piece.length)
    await sleep(manners.paceMs)
  }
  if (manners.stallAfter === undefined) response.end()
}

/** Where the answer begins. */
function startOf({ ranges, heedsIfRange, etag, lastModified }: FileServerManners, { headers }: IncomingMessage): number {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0)
  if (!ranges) return 0
  return heedsIfRange && headers['if-range'] !== (etag ?? lastModified) ? 0 : from
}

/** The network of the tests: plain http, and less patience. */
export const plainNetwork: Network = { request, timeoutMs: 2000 }

/** A small zip as MovieLens 100k is published: more files than are read, and 12 users' ratings of 10 films. */
export function movieLensZip(): Buffer {
  const ratings: string[] = []
  for (let user = 1; user <= 12; user++)
    for (let item = 1; item <= 10; item++)
      ratings.push(`${user}\t${item}\t${1 + ((user * item) % 5)}\t${881_250_000 + user * 60 + item}\n`)
  const items = Array.from(
    { length: 10 },
    (_, at) =>
      `${at + 1}|Film ${at + 1} (1995)|01-Jan-1995||http://x|${Array.from({ length: 19 }, (_, g) => (g === at ? 1 : 0)).join('|')}\n`,
  )
  return makeZip([
    { name: 'ml-100k/' },
    { name: 'ml-100k/README', content: 'What MovieLens says of itself.\n'.repeat(6000), stored: true },
    { name: 'ml-100k/allbut.pl', content: '#!/usr/local/bin/perl\n' },
    { name: 'ml-100k/u.data', content: ratings.join('') },
    { name: 'ml-100k/u.item', content: items.join('') },
    { name: 'ml-100k/u.user', content: Array.from({ length: 12 }, (_, at) => `${at + 1}|30|F|other|00000\n`).join('') },
    { name: 'ml-100k/u.genre', content: 'unknown|0\nAction|1\n' },
    { name: 'ml-100k/u1.base', content: ratings.slice(0, 90).join('') },
    { name: 'ml-100k/u1.test', content: ratings.slice(90).join('') },
  ])
}

/** A source whose home is that server. */
export function sourceAt(server: FileServer, change: Partial<DataSource> = {}): DataSource {
  return {
    id: 'ml-100k',
    title: 'MovieLens 100k',
    doc: 'A few ratings.',
    bytes: server.manners.file.length,
    sha256: createHash('sha256').update(server.manners.file).digest('hex'),
    changes: false,
    ratings: 120,
    users: 12,
    items: 10,
    url: `${server.url}/datasets/ml-100k.zip`,
    home: 'https://grouplens.org/datasets/movielens/100k/',
    licence: { terms: ['For research.'], url: 'https://files.grouplens.org/datasets/movielens/ml-100k-README.txt' },
    citation: { text: 'Harper and Konstan. 2015.', url: 'https://doi.org/10.1145/2827872' },
    ...change,
  }
}
