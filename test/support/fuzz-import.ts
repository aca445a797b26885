import { isPalateError } from '../../src-main/contract/errors.ts'
import type { ImportSettings } from '../../src-main/contract/dto/import-settings.ts'
import { Rng } from '../../src-main/engine/core/rng.ts'
import { readers } from '../../src-main/engine/data/readers/catalogue.gen.ts'
import type { DatasetContent } from '../../src-main/engine/data/reading/dataset-content.ts'
import type { FileTree } from '../../src-main/engine/data/reading/file-tree.ts'
import { readDataset } from '../../src-main/engine/data/reading/read-dataset.ts'
import type { Reader } from '../../src-main/engine/data/reading/reader.ts'
import { importSeeds } from './import-seeds.ts'
import { memoryTree } from './memory-tree.ts'
import { mutateSource } from './mutate-source.ts'

const POLICIES = ['last', 'first', 'mean', 'all'] as const
/** Ids that are numbers of rows and columns stand in no file. */
const MAKES_IDS = new Set(['jester'])
/** A hundred times what a case takes; beyond it something grows faster than its input. */
const MOST_MS = 2000

/** What the cases of a run came to. */
export interface FuzzTally {
  cases: number
  read: number
  refused: number
  longestMs: number
  /** "case 17 (taobao): what is wrong"; the first 20. */
  readonly failures: string[]
}

export const emptyTally = (): FuzzTally => ({ cases: 0, read: 0, refused: 0, longestMs: 0, failures: [] })

/**
 * Mutates a source, imports it, and looks at what comes of it. The same `seed` and `index` are always the same case.
 *
 * A third of the cases recognises anew what was mutated; the others read it by what was recognised before, as an import does
 * whose file changed after the wizard looked at it, and as happens to all of a file behind its first 64 KiB.
 */
export async function fuzzCase(
  seed: number,
  index: number,
  tally: FuzzTally,
  readerOf: (id: string) => Reader = readerById,
): Promise<void> {
  const rng = Rng.stream(seed, `case ${index}`)
  const { reader: id, files } = importSeeds[index % importSeeds.length]!
  const reader = readerOf(id)
  const mutated = mutateSource(files, rng)
  const tree = memoryTree(mutated, 1 + Math.floor(rng.uniform() * 200))
  const onBadRow = rng.uniform() < 0.5 ? 'skip' : 'fail'
  const recognises = rng.uniform() < 0.34
  const startedAt = performance.now()
  const problems: string[] = []
  tally.cases++
  try {
    const found = recognises ? (await reader.recognise(tree, {})).settings : await settingsOf(index % importSeeds.length)
    const settings = { ...found, duplicates: POLICIES[Math.floor(rng.uniform() * POLICIES.length)]! }
    const content = await readDataset(reader, tree, { settings, onBadRow })
    tally.read++
    problems.push(...problemsOf(content, mutated), ...lostIds(id, content, mutated))
    if (rng.uniform() < 0.1) problems.push(...(await problemsOfChunks(reader, mutated, settings, onBadRow, content)))
  } catch (error) {
    tally.refused++
    if (!isPalateError(error))
      problems.push(`it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    else if (error.code === 'INTERNAL' || !/^.{10,}\.$/s.test(error.message)) problems.push(`it says "${error.message}"`)
  }
  const tookMs = performance.now() - startedAt
  tally.longestMs = Math.max(tally.longestMs, tookMs)
  if (tookMs > MOST_MS) problems.push(`it took ${Math.round(tookMs)} ms`)
  for (const problem of problems.slice(0, 20 - tally.failures.length)) tally.failures.push(`case ${index} (${id}): ${problem}`)
}

function readerById(id: string): Reader {
  return readers.find((candidate) => candidate.id === id)!
}

const settingsBySeed: (ImportSettings | undefined)[] = []

/** What a reader finds in the seed as it was. */
async function settingsOf(at: number): Promise<ImportSettings> {
  const { reader: id, files } = importSeeds[at]!
  return (settingsBySeed[at] ??= (await readerById(id).recognise(memoryTree(files), {})).settings)
}

function problemsOf(content: DatasetContent, files: Record<string, Buffer>): string[] {
  const { counts, rating, time, userIndex, itemIndex, users, items, scale, rejectedRows } = content
  const problems: string[] = []
  const check = (isRight: boolean, problem: string) => {
    if (!isRight) problems.push(problem)
  }
  check(
    counts.accepted + counts.rejected + counts.duplicates === counts.read,
    `the counts ${JSON.stringify(counts)} do not add up`,
  )
  check(
    [rating, time, userIndex, itemIndex].every((column) => column.length === counts.accepted),
    'a column has another length',
  )
  check(rating.every(Number.isFinite) && time.every(Number.isFinite), 'a number is not finite')
  check(scale.min < scale.max && scale.negativeTo < scale.positiveFrom, `the scale is ${JSON.stringify(scale)}`)
  check(
    userIndex.every((index) => index >= 0 && index < users.length),
    'a row has no user',
  )
  check(
    itemIndex.every((index) => index >= 0 && index < items.length),
    'a row has no item',
  )
  check(new Set(users.map((user) => user.userId)).size === users.length, 'a user stands twice')
  check(new Set(items.map((item) => item.itemId)).size === items.length, 'an item stands twice')
  check(rejectedRows.length === Math.min(counts.rejected, 1000), 'a rejected row is not listed')
  const texts = [...users.map((user) => user.userId), ...items.flatMap((item) => [item.itemId, item.title ?? '', ...item.genres])]
  const shown = rejectedRows.flatMap((row) => [row.reason, row.rawText])
  const hasMark = Object.values(files).some((bytes) => bytes.includes('\ufffd'))
  check(hasMark || ![...texts, ...shown].some((text) => text.includes('\ufffd')), 'a text holds U+FFFD')
  for (const row of rejectedRows) {
    const path = row.file.slice('mem/'.length)
    const bytes = files[path]
    check(bytes !== undefined && row.byteOffset < bytes.length, `${row.file} has no byte ${row.byteOffset}`)
    check(bytes === undefined || beginsLine(bytes, row.byteOffset), `no line begins at byte ${row.byteOffset} of ${row.file}`)
    check(row.line >= 1 && row.reason !== '', `the row ${JSON.stringify(row)} does not say enough`)
  }
  return problems
}

/** Every id that came out must have gone in, as it is. */
function lostIds(reader: string, content: DatasetContent, files: Record<string, Buffer>): string[] {
  if (MAKES_IDS.has(reader)) return []
  const all = Buffer.concat(Object.values(files))
  const ids = [...content.users.map((user) => user.userId), ...content.items.map((item) => item.itemId)]
  // In other bytes than these a quote, a letter with an accent or UTF-16 stands in the file in another way.
  const plain = ids.filter((id) => /^[\w .:-]+$/.test(id))
  const stands = (id: string) => {
    const wide = Buffer.from(id, 'utf16le')
    return all.includes(id) || all.includes(wide) || all.includes(wide.swap16())
  }
  return plain.filter((id) => !stands(id)).map((id) => `the id "${id}" does not stand in the source`)
}

/** The byte before, or the two before in UTF-16, end a line; or nothing but a byte order mark stands before. */
function beginsLine(bytes: Buffer, offset: number): boolean {
  if (offset <= 3) return true
  return [10, 13].includes(bytes[offset - 1]!) || [10, 13].includes(bytes[offset - 2]!)
}

/** The same bytes in one piece must give the same. */
async function problemsOfChunks(
  reader: Reader,
  files: Record<string, Buffer>,
  settings: ImportSettings,
  onBadRow: 'fail' | 'skip',
  content: DatasetContent,
): Promise<string[]> {
  const whole: FileTree = memoryTree(files)
  const again = await readDataset(reader, whole, { settings, onBadRow })
  return JSON.stringify(again) === JSON.stringify(content) ? [] : ['in one piece it reads otherwise']
}
