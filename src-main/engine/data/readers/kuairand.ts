import type { BehaviourMeaning, ImportSettings } from '../../../contract/dto/import-settings.ts'
import { PalateError } from '../../../contract/errors.ts'
import { headerNames, LOG_SETTINGS, logCandidates } from '../reading/behaviour-log.ts'
import { baseName, findSibling, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { readGenreTable } from '../reading/item-genres.ts'
import { missingRatings } from '../reading/movielens.ts'
import { readRatingTable, type RowFeedback } from '../reading/rating-table.ts'
import { scaleOfBehaviours } from '../reading/rating-scales.ts'
import { readRecords, unlessRefused } from '../reading/read-records.ts'
import { defineReader, NOT_RECOGNISED } from '../reading/reader.ts'
import type { TableRecord } from '../reading/record.ts'
import { recogniseTable, type TableFound } from '../reading/table-recognition.ts'

const WANTED = ['userid', 'videoid', 'timems', 'isclick']
const RANDOM_NAME = /^log_random/i
const SAMPLE_BYTES = 64 * 1024
const ZERO = 48
const ONE = 49

/** A video that was shown, and nothing else happened. */
const SHOWN = 'shown'
/** What each column of 0 and 1 says when it is 1. */
const MEANINGS: Readonly<Record<string, BehaviourMeaning>> = {
  is_hate: { feedback: 'negative', rating: 1 },
  [SHOWN]: { feedback: 'neutral', rating: 2 },
  is_click: { feedback: 'positive', rating: 3 },
  long_view: { feedback: 'positive', rating: 4 },
  is_like: { feedback: 'positive', rating: 4 },
  is_comment: { feedback: 'positive', rating: 4 },
  is_follow: { feedback: 'positive', rating: 5 },
  is_forward: { feedback: 'positive', rating: 5 },
}

export default defineReader({
  id: 'kuairand',
  title: 'KuaiRand log',
  doc: 'log_standard*.csv (user_id, video_id, date, hourmin, time_ms, is_click, is_like, is_follow, is_hate, long_view, tab and others), one or several, and video_features_basic*.csv for the tags where present. Each row becomes its strongest feedback: is_hate is negative (1) and stands above all else; is_click (3), long_view, is_like, is_comment (4), is_follow and is_forward (5) are positive; a video that was only shown is neutral (2). Every row is kept, with its tab as the scenario. The log of random exposure is read only when it is chosen.',
  overridable: LOG_SETTINGS,

  async recognise(source, settings) {
    const found = await locate(source, settings)
    if (!found) return NOT_RECOGNISED
    const [first] = found.tables
    const { recognition } = first
    const behaviours = await countBehaviours(first)
    const left = found.left.map((file) => baseName(file.path))
    const warnings = [
      ...(found.tables.length > 1 ? [`${found.tables.length} logs are read one after the other.`] : []),
      ...(left.length > 0 ? [`Left out: ${left.join(', ')}; choose the file to read it.`] : []),
    ]
    return { ...recognition, behaviours, warnings, confidence: 0.97 }
  },

  async read(source, options, sink) {
    const found = await locate(source, options.settings)
    if (!found) throw missingRatings(source, 'log of videos', 'kuairand')
    const { tables, features } = found
    const { signal, sampleBytes } = options
    const bytesTotal = [...tables.map(({ file }) => file), ...(features ? [features] : [])].reduce(
      (sum, { bytes }) => sum + bytes,
      0,
    )
    let before = 0
    const onChunk = (bytes: number) => options.onProgress?.(sink.size, before + bytes, bytesTotal)
    const genres = features && (await readGenreTable(features, FEATURE_COLUMNS, sink, { signal, sampleBytes, onChunk }))
    before += features?.bytes ?? 0
    const meanings: ReturnType<typeof readRatingTable>[] = []
    for (const table of tables) {
      const { item = 1 } = table.roles
      const meaning = readRatingTable(table, sink, {
        signal,
        sampleBytes,
        onChunk,
        feedback: feedbackOf(table),
        ...(genres ? { describeItem: (record) => ({ title: null, year: null, genres: genres.of(record, item) }) } : {}),
      })
      meanings.push(meaning)
      await meaning
      before += table.file.bytes
    }
    return meanings[0]!
  },
})

/** `tag` is one number or several with commas between them. */
const FEATURE_COLUMNS = { id: 'videoid', genres: 'tag', genresOf: (cell: string) => cell.match(/\w+/g) ?? [] }

interface KuairandFiles {
  readonly tables: readonly [TableFound, ...TableFound[]]
  readonly features: SourceFile | undefined
  /** Logs that are not read. */
  readonly left: readonly SourceFile[]
}

/** Without a chosen file, all logs of the source are read, but the random one only where it is the only one. */
async function locate(source: FileTree, settings: ImportSettings): Promise<KuairandFiles | null> {
  const logs: SourceFile[] = []
  for (const file of logCandidates(source, settings.file)) {
    const names = await headerNames(file)
    if (WANTED.every((name) => names.includes(name))) logs.push(file)
  }
  const standard = logs.filter((file) => !RANDOM_NAME.test(baseName(file.path)))
  const read = (standard.length > 0 ? standard : logs.slice(0, 1)).sort((a, b) => (a.path < b.path ? -1 : 1))
  const tables: TableFound[] = []
  for (const file of read) {
    const table = await tableOf(file, settings)
    if (table) tables.push(table)
  }
  const [first, ...others] = tables
  if (!first) return null
  const features = findSibling(source, first.file, /^video_features_basic[\w.-]*\.csv$/i)
  return { tables: [first, ...others], features, left: logs.filter((log) => !read.includes(log)) }
}

async function tableOf(file: SourceFile, settings: ImportSettings): Promise<TableFound | null> {
  const columns = { time: 'time_ms', ...settings.columns }
  const duplicates = settings.duplicates ?? 'all'
  const timeUnit = settings.timeUnit ?? 'milliseconds'
  const table = await recogniseTable(file, { ...settings, columns, duplicates, timeUnit })
  if (!table?.header) return null
  const { user, item, time, scenario } = table.roles
  const { rating: _rating, behaviour: _behaviour, ...named } = table.settings.columns ?? {}
  const { file: _file, ...found } = table.settings
  const behaviours = { ...meaningsFor(table.header), ...settings.behaviours }
  for (const name of Object.keys(behaviours)) refuseUnknown(name, table.header)
  const read: ImportSettings = {
    ...found,
    // Without the file: settings that name one would leave the other logs out.
    ...(settings.file === undefined ? {} : { file: settings.file }),
    columns: named,
    behaviours,
  }
  const shown = table.recognition.columns.map((column, at) => ({
    ...column,
    role: [user, item, time, scenario].includes(at) ? column.role : null,
  }))
  const recognition = { ...table.recognition, settings: read, columns: shown }
  return { ...table, roles: { user, item, time, scenario }, settings: read, recognition }
}

function meaningsFor(header: readonly string[]): Record<string, BehaviourMeaning> {
  return Object.fromEntries(Object.entries(MEANINGS).filter(([name]) => name === SHOWN || header.includes(name)))
}

function refuseUnknown(name: string, header: readonly string[]): void {
  if (name === SHOWN || header.includes(name)) return
  const message = `There is no column "${name}" for a behaviour. Its columns are: ${header.join(', ')}; "${SHOWN}" is for rows without any.`
  throw new PalateError('INPUT_INVALID', message, { issues: [{ path: `behaviours.${name}`, message }] })
}

interface Flag extends BehaviourMeaning {
  readonly name: string
  readonly column: number
}

function flagsOf({ header, settings }: TableFound): readonly Flag[] {
  return Object.entries(settings.behaviours ?? {})
    .filter(([name]) => name !== SHOWN)
    .map(([name, meaning]) => ({ ...meaning, name, column: (header ?? []).indexOf(name) }))
}

/** A negative sign outweighs every other; of the others the highest counts. */
function feedbackOf(table: TableFound): RowFeedback {
  const behaviours = table.settings.behaviours ?? {}
  const scale = scaleOfBehaviours(behaviours)
  const flags = flagsOf(table)
  const shown = behaviours[SHOWN]?.rating ?? MEANINGS[SHOWN]!.rating
  return {
    scale,
    ratingOf: (record) => {
      let best = shown
      let worst = Infinity
      for (const { column, feedback, rating } of flags) {
        const sign = signAt(record, column)
        if (Number.isNaN(sign)) return NaN
        if (sign === 0) continue
        if (feedback === 'negative') worst = Math.min(worst, rating)
        else best = Math.max(best, rating)
      }
      return worst < Infinity ? worst : best
    },
    faultOf: (record) => {
      const { name, column } = flags.find((flag) => Number.isNaN(signAt(record, flag.column)))!
      return `the ${name} "${record.text(column)}" is neither 0 nor 1`
    },
  }
}

function signAt(record: TableRecord, column: number): number {
  const start = record.starts[column]!
  const byte = record.ends[column]! - start === 1 ? record.bytes[start]! : -1
  return byte === ZERO ? 0 : byte === ONE ? 1 : NaN
}

/** How often each sign stands in the beginning of the log. */
async function countBehaviours(table: TableFound): Promise<{ name: string; count: number }[]> {
  const flags = flagsOf(table)
  const counts = new Map([[SHOWN, 0], ...flags.map(({ name }): [string, number] => [name, 0])])
  const count = (record: TableRecord) => {
    const set = record.count === table.width ? flags.filter(({ column }) => signAt(record, column) === 1) : null
    for (const name of set?.length === 0 ? [SHOWN] : (set ?? []).map((flag) => flag.name)) counts.set(name, counts.get(name)! + 1)
  }
  let isHeader = true
  const handle = (record: TableRecord) => {
    if (!isHeader) count(record)
    isHeader = false
  }
  const sample = { encoding: table.encoding, sampleBytes: SAMPLE_BYTES }
  await unlessRefused(readRecords(table.file, table.dialect, handle, sample))
  return [...counts].map(([name, count]) => ({ name, count })).filter(({ count }) => count > 0)
}
