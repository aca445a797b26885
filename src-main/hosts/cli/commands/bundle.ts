import { contract } from '../../../contract/api/contract.ts'
import type { BundleCheck, BundleImported, BundleVerification } from '../../../contract/dto/bundle.ts'
import { resolve } from 'node:path'
import { exitFailed, exitOk } from '../exit-codes.ts'
import { findRuns } from '../find.ts'
import { ProgressBar } from '../progress-bar.ts'
import { cancelled, withSession, type CommandContext } from '../session.ts'
import { writeTextFile } from '../text-file.ts'
import { validated } from '../validated.ts'
import { sayReplaced } from './export.ts'

export interface ExportBundleOptions {
  readonly out: string
  readonly withData?: boolean
}

export function exportBundleCommand(
  context: CommandContext,
  runTexts: readonly string[],
  options: ExportBundleOptions,
): Promise<number> {
  return withSession(context, async (session) => {
    const runIds = (await findRuns(session, runTexts)).map((run) => run.id)
    const withData = options.withData === true
    const input = await validated(contract.bundles.export, { runIds, withData })
    const written = await writeTextFile(
      options.out,
      bytesOf(session.handlers.bundles.export(input, { signal: session.interrupted })),
    )
    sayReplaced(session.output, written)
    if (withData) session.output.log('The data set is in it: hand it on only as the licence of the data allows.')
    session.output.result(
      { file: written.file, bytes: written.bytes, runs: runIds, withData },
      () =>
        `Packed ${runIds.length === 1 ? `run ${runIds[0]}` : `runs ${runIds.join(', ')}`} into ${written.file} (${written.bytes} bytes).`,
    )
    return exitOk
  })
}

async function* bytesOf(parts: AsyncIterable<{ readonly base64: string }>): AsyncGenerator<Uint8Array, void, void> {
  for await (const { base64 } of parts) yield Buffer.from(base64, 'base64')
}

export function importBundleCommand(context: CommandContext, file: string): Promise<number> {
  return withSession(context, async ({ handlers, output, interrupted }) => {
    const input = await validated(contract.bundles.import, { path: resolve(file) })
    let imported: BundleImported | null = null
    for await (const event of drawn(handlers.bundles.import(input, { signal: interrupted }))) {
      if (event.kind === 'finished') imported = event.imported
    }
    if (!imported) throw cancelled(`The import of ${file}`, 'Nothing was stored; import it again when you like.')
    for (const remark of imported.remarks) output.log(`Note: ${remark}`)
    output.result({ ...imported }, () => importedText(imported))
    return exitOk
  })
}

function importedText({ runs, dataset }: BundleImported): string {
  const lines = runs.map(({ runId, name, outcome }) =>
    outcome === 'imported' ? `Imported run ${runId} (${name}).` : `Run ${runId} (${name}) is here already; it was left as it is.`,
  )
  const data = { imported: 'was imported', 'already here': 'is here already', missing: 'is missing' }[dataset.outcome]
  return [...lines, `The data set "${dataset.name}" ${data}.`].join('\n')
}

export function verifyBundleCommand(
  context: CommandContext,
  file: string,
  options: { readonly rerun?: boolean },
): Promise<number> {
  return withSession(context, async ({ handlers, output, interrupted }) => {
    const input = await validated(contract.bundles.verify, { path: resolve(file), rerun: options.rerun === true })
    const checks: BundleCheck[] = []
    let end: Extract<BundleVerification, { kind: 'finished' }> | null = null
    for await (const event of drawn(handlers.bundles.verify(input, { signal: interrupted }))) {
      if (event.kind === 'check') checks.push(event.check)
      if (event.kind === 'finished') end = event
    }
    if (!end) throw cancelled(`The verification of ${file}`, 'Nothing was changed; verify it again when you like.')
    const { differs, complete } = end
    output.result({ differs, complete, checks }, () => [...checks.flatMap(checkLines), verdictLine(end)].join('\n'))
    return differs ? exitFailed : exitOk
  })
}

function checkLines({ title, verdict, text, differences }: BundleCheck): string[] {
  return [`${verdict}: ${title}. ${text}`, ...differences.map((line) => `  ${line}`)]
}

function verdictLine({ differs, complete }: { readonly differs: boolean; readonly complete: boolean }): string {
  if (differs) return 'The bundle is not what it says.'
  return complete ? 'The bundle is what it says.' : 'Nothing differs, but not everything could be checked.'
}

type Drawable = { readonly kind: string; readonly text?: string; readonly share?: number | null }

/** Passes events on and draws those of progress. */
async function* drawn<E extends Drawable>(events: AsyncIterable<E>): AsyncGenerator<E, void, void> {
  const bar = new ProgressBar()
  try {
    for await (const event of events) {
      if (event.kind === 'progress') bar.draw([{ label: event.text ?? '', share: event.share ?? 0, detail: '' }])
      else bar.clear()
      yield event
    }
  } finally {
    bar.clear()
  }
}
