import { contract } from '../../../contract/api/contract.ts'
import type { DownloadProgress, DownloadSource } from '../../../contract/dto/download.ts'
import { PalateError } from '../../../contract/errors.ts'
import { megabytes } from '../../../services/datasets/download/download-errors.ts'
import { oneOf, usageError } from '../arguments.ts'
import { confirm } from '../confirm.ts'
import { formatDuration } from '../duration.ts'
import { exitOk } from '../exit-codes.ts'
import { ProgressBar, type ProgressLine } from '../progress-bar.ts'
import { cancelled, withSession, type CommandContext, type Session } from '../session.ts'
import { validated } from '../validated.ts'
import { importedLines, importLine } from './import.ts'

export interface GetOptions {
  readonly name?: string
  readonly acceptLicence?: boolean
}

export function getCommand(context: CommandContext, what: string, options: GetOptions): Promise<number> {
  return withSession(context, async (session) => {
    const sources = await session.handlers.datasets.downloadable(undefined, {})
    const id = oneOf('get', what, ['list', ...sources.map((source) => source.id)])
    const source = sources.find((one) => one.id === id)
    if (!source) {
      session.output.result({ sources }, () => sources.map(termsOf).join('\n\n'))
      return exitOk
    }
    session.output.log(termsOf(source))
    await accept(source, options)
    const input = await validated(contract.datasets.download, { source: id, name: options.name, accepted: true })
    const { dataset, report } = await followDownload(
      session,
      session.handlers.datasets.download(input, { signal: session.interrupted }),
    )
    session.output.result({ ...dataset, report }, () => importedLines(dataset, report).join('\n'))
    return exitOk
  })
}

/** @throws PalateError INPUT_INVALID where nobody can be asked, CANCELLED when the answer is no */
async function accept(source: DownloadSource, options: GetOptions): Promise<void> {
  if (options.acceptLicence) return
  const answer = await confirm('Do you accept these terms?')
  if (answer) return
  if (answer === null) {
    throw usageError(
      '--accept-licence',
      `${source.title} comes under terms that must be accepted first. Read them above, then say it again with --accept-licence.`,
    )
  }
  const what = `The download of ${source.title}`
  throw new PalateError('CANCELLED', `${source.title} was not downloaded: its terms were not accepted.`, { what })
}

async function followDownload(
  { output }: Session,
  events: AsyncIterable<DownloadProgress>,
): Promise<Extract<DownloadProgress, { kind: 'finished' }>> {
  const bar = new ProgressBar()
  let resumed = false
  try {
    for await (const event of events) {
      if (event.kind === 'finished') return event
      if (event.kind === 'download' && event.resumedFrom > 0 && !resumed) {
        resumed = true
        bar.clear()
        output.log(`Going on where the last download ended: ${megabytes(event.resumedFrom)} are here.`)
      }
      bar.draw([event.kind === 'download' ? downloadLine(event) : importLine(event)])
    }
  } finally {
    bar.clear()
  }
  throw cancelled('The download', 'Nothing was stored; start it again when you like.')
}

function downloadLine(event: Extract<DownloadProgress, { kind: 'download' }>): ProgressLine {
  const { stage, bytesReceived, bytesTotal, bytesPerSecond, remainingMs } = event
  const rate = bytesPerSecond === null ? '' : `, ${megabytes(bytesPerSecond)}/s`
  const left = remainingMs === null ? '' : `, ${formatDuration(remainingMs)} left`
  const share = bytesTotal > 0 ? bytesReceived / bytesTotal : 0
  return { label: stage, share, detail: `${megabytes(bytesReceived)} of ${megabytes(bytesTotal)}${rate}${left}` }
}

/** What a person must know before a download. */
function termsOf(source: DownloadSource): string {
  const { id, title, doc, bytes, ratings, users, items, home, licence, citation, receivedBytes } = source
  return [
    `${id}: ${title}, ${ratings} ratings by ${users} users of ${items} films, ${megabytes(bytes)} from ${new URL(source.url).hostname}`,
    `  ${doc}`,
    '  Terms, in short:',
    ...licence.terms.map((term) => `  - ${term}`),
    `  The terms themselves, which count: ${licence.url}`,
    `  To be cited: ${citation.text} ${citation.url}`,
    `  About it: ${home}`,
    ...(receivedBytes > 0 ? [`  ${megabytes(receivedBytes)} of it are here already.`] : []),
  ].join('\n')
}
