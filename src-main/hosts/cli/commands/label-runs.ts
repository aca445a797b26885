import { contract } from '../../../contract/api/contract.ts'
import { names, usageError } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { findRuns } from '../find.ts'
import { withSession, type CommandContext, type Session } from '../session.ts'
import { textTable } from '../text-table.ts'
import { validated } from '../validated.ts'

export interface TagOptions {
  readonly add?: string
  readonly remove?: string
}

export async function tagRunsCommand(context: CommandContext, texts: readonly string[], options: TagOptions): Promise<number> {
  if (options.add === undefined && options.remove === undefined) {
    throw usageError('--add', 'Say what changes: --add paper,draft puts tags on, --remove draft takes one off.')
  }
  const change = {
    addTags: options.add === undefined ? undefined : names('--add', options.add),
    removeTags: options.remove === undefined ? undefined : names('--remove', options.remove),
  }
  return labelled(context, texts, change, 'Tagged')
}

/** Replaces the notes of a run; an empty text takes them away. */
export function noteRunCommand(
  context: CommandContext,
  text: string,
  notes: string,
  options: { readonly append?: boolean },
): Promise<number> {
  return labelled(context, [text], { comment: { text: notes, append: options.append === true } }, 'Noted on')
}

export function archiveRunsCommand(
  context: CommandContext,
  texts: readonly string[],
  options: { readonly undo?: boolean },
): Promise<number> {
  return labelled(context, texts, { archived: options.undo !== true }, options.undo ? 'Took out of the archive' : 'Archived')
}

export function removeRunsCommand(context: CommandContext, texts: readonly string[]): Promise<number> {
  return withSession(context, async (session) => {
    const input = await validated(contract.runs.hide, { runIds: await idsOf(session, texts) })
    const { hidden, keptDays } = await session.handlers.runs.hide(input, {})
    const kept = input.runIds.filter((id) => !hidden.includes(id))
    session.output.result({ removed: hidden, atWork: kept }, () =>
      [
        `Removed ${runsText(hidden)}. For ${keptDays} days they can be had back: palate runs restore ${hidden.join(' ')}`,
        ...(kept.length > 0 ? [`Left alone, as they train or wait: ${runsText(kept)}.`] : []),
      ].join('\n'),
    )
    return exitOk
  })
}

/** By number: what is removed is found by no name. Without one, lists what there is. */
export function restoreRunsCommand(context: CommandContext, numbers: readonly string[]): Promise<number> {
  return withSession(context, async ({ handlers, output }) => {
    if (numbers.length === 0) {
      const removed = await handlers.runs.removed(undefined, {})
      output.result({ removed }, () =>
        removed.length === 0
          ? 'No removed run can be had back.'
          : textTable(
              ['id', 'name', 'seed', 'removed'],
              removed.map((run) => [run.id, run.name, run.seed, new Date(run.removedAt).toISOString()]),
            ),
      )
      return exitOk
    }
    const input = await validated(contract.runs.restore, { runIds: numbers.map(Number) })
    const { restored } = await handlers.runs.restore(input, {})
    output.result({ restored }, () => `Brought back ${runsText(restored)}.`)
    return exitOk
  })
}

function labelled(context: CommandContext, texts: readonly string[], change: object, done: string): Promise<number> {
  return withSession(context, async (session) => {
    const input = await validated(contract.runs.label, { runIds: await idsOf(session, texts), ...change })
    const { labelled: runIds } = await session.handlers.runs.label(input, {})
    const all = await session.handlers.runs.list(undefined, {})
    const runs = all.filter((run) => runIds.includes(run.id))
    session.output.result({ runs }, () => `${done} ${runsText(runIds)}.`)
    return exitOk
  })
}

async function idsOf(session: Session, texts: readonly string[]): Promise<number[]> {
  return (await findRuns(session, texts)).map((run) => run.id)
}

function runsText(ids: readonly number[]): string {
  return ids.length === 1 ? `run ${ids[0]}` : `${ids.length} runs (${ids.join(', ')})`
}
