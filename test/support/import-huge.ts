/**
 * Reads a table that is made while it is read, and says what that took. argv: what the lines are like, how many bytes,
 * after how many bytes the reading is cancelled (0: never).
 */
import { toErrorRecord } from '../../src-main/contract/errors.ts'
import type { FileTree } from '../../src-main/engine/data/reading/file-tree.ts'
import { readDataset } from '../../src-main/engine/data/reading/read-dataset.ts'
import { detectFormat } from '../../src-main/services/datasets/detect-format.ts'

type Lines = 'reviews' | 'ratings' | 'one-line' | 'one-quote' | 'one-object'

const [, , lines, bytes, cancelAfter] = process.argv
const total = Number(bytes)
const signal = { aborted: false }
let given = 0
let cancelledAt = 0

const chunkOf: Record<Lines, (chunk: number) => Buffer> = {
  // Few rows for their bytes, as in reviews.
  reviews: (chunk) =>
    Buffer.from(
      Array.from(
        { length: 1000 },
        (_, at) => `u${(chunk * 7 + at) % 100_003},i${at % 977},${(at % 5) + 1},${'so good '.repeat(120)}\n`,
      ).join(''),
    ),
  ratings: (chunk) =>
    Buffer.from(
      Array.from(
        { length: 20_000 },
        (_, at) => `${(chunk * 31 + at) % 200_003},${at % 9973},${(at % 5) + 1},15${10000000 + at}\n`,
      ).join(''),
    ),
  'one-line': () => Buffer.alloc(1024 * 1024, '7'),
  'one-quote': () => Buffer.alloc(1024 * 1024, 'so "" good\n'),
  'one-object': () => Buffer.alloc(1024 * 1024, '"a":[1,2,3],'),
}
const head: Record<Lines, string> = {
  reviews: `user,item,rating,text\n${'a,b,5,fine\n'.repeat(8000)}`,
  ratings: 'user,item,rating,time\n',
  'one-line': `user,item,rating\n${'a,b,5\n'.repeat(12_000)}`,
  'one-quote': `user,item,rating\n${'a,b,5\n'.repeat(12_000)}"`,
  'one-object': `${'{"reviewerID":"a","asin":"b","overall":5.0,"unixReviewTime":1500000000}\n'.repeat(1000)}{"x":"`,
}

const source: FileTree = {
  display: 'huge',
  files: [
    {
      path: 'huge.csv',
      display: 'huge/huge.csv',
      bytes: total,
      async *open() {
        yield Buffer.from(head[lines as Lines])
        for (let sent = 0, chunk = 0; sent < total; chunk++) {
          // As a file does: the event loop turns between two chunks.
          await new Promise((resolve) => setImmediate(resolve))
          const part = chunkOf[lines as Lines](chunk)
          sent += part.length
          given = sent
          if (Number(cancelAfter) > 0 && sent >= Number(cancelAfter) && !signal.aborted) {
            signal.aborted = true
            cancelledAt = performance.now()
          }
          yield part
        }
      },
    },
  ],
}

const startedAt = performance.now()
let outcome: Record<string, unknown>
try {
  const { reader, recognition } = await detectFormat(source)
  const { counts } = await readDataset(reader, source, {
    settings: { ...recognition.settings, duplicates: 'all' },
    onBadRow: 'skip',
    signal,
  })
  outcome = { reader: reader.id, counts }
} catch (error) {
  outcome = { error: toErrorRecord(error) }
}
const endedAt = performance.now()
process.stdout.write(
  `${JSON.stringify({
    ...outcome,
    bytes: given,
    ms: Math.round(endedAt - startedAt),
    cancelMs: cancelledAt > 0 ? endedAt - cancelledAt : null,
    // In KiB on every system that Node runs on.
    maxRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  })}\n`,
)
