import { oneOf, wholeNumber } from '../arguments.ts'
import { exitFailed, exitOk } from '../exit-codes.ts'
import { withSession, type CommandContext } from '../session.ts'
import { writeTextFile } from '../text-file.ts'
import { textTable } from '../text-table.ts'

const numberOf = (what: string, text: string) => wholeNumber(what, text, 1, 2 ** 31 - 1)

export function liveSessionsCommand(context: CommandContext, options: { readonly csv?: string }): Promise<number> {
  return withSession(context, async ({ handlers, output }) => {
    const sessions = await handlers.live.list(undefined, {})
    const written =
      options.csv === undefined ? null : await writeTextFile(options.csv, handlers.live.exportSessions(undefined, {}))
    output.result({ sessions, ...(written ? { csv: written.file } : {}) }, () =>
      sessions.length === 0
        ? 'There are no live sessions in this workspace.'
        : textTable(
            ['session', 'name', 'run', 'model', 'answers', 'liked', 'disliked', 'mean reward'],
            sessions.map((one) => [one.id, one.name, one.runId, one.model, one.answers, one.likes, one.dislikes, one.meanReward]),
          ),
    )
    return exitOk
  })
}

export function liveExportCommand(
  context: CommandContext,
  text: string,
  options: { readonly format: string; readonly out: string },
): Promise<number> {
  const sessionId = numberOf('session', text)
  const format = oneOf('--format', options.format, ['csv', 'json'])
  return withSession(context, async ({ handlers, output }) => {
    const { live } = handlers
    const chunks = format === 'csv' ? live.exportEvents({ sessionId }, {}) : live.exportJson({ sessionId }, {})
    const { file, bytes } = await writeTextFile(options.out, chunks)
    output.result(
      { session: sessionId, format, file, bytes },
      () => `Session ${sessionId} is written to ${file} (${bytes} bytes).`,
    )
    return exitOk
  })
}

/** @returns 1 when a ranking is not what is stored: then machine, program or record has changed */
export function liveReplayCommand(context: CommandContext, text: string, options: { readonly duel?: boolean }): Promise<number> {
  const id = numberOf(options.duel ? 'duel' : 'session', text)
  return withSession(context, async ({ handlers, output }) => {
    const { identical, firstDifference, length } = options.duel ? await duel() : await session()
    const [name, unit] = options.duel ? ['Duel', 'step'] : ['Session', 'answer']
    const document = { [name!.toLowerCase()]: id, [`${unit}s`]: length, identical, firstDifference }
    output.result(document, () =>
      identical
        ? `${name} ${id}: ${length} ${unit}${length === 1 ? '' : 's'} played again, every ranking identical to what is stored.`
        : `${name} ${id}: played again, it differs from what is stored, first in ${unit} ${firstDifference} of ${length}. The program or the record has changed since.`,
    )
    return identical ? exitOk : exitFailed

    async function session() {
      const { answers, ...rest } = await handlers.live.replay({ sessionId: id }, {})
      return { ...rest, length: answers }
    }
    async function duel() {
      const { steps, ...rest } = await handlers.duels.replay({ duelId: id }, {})
      return { ...rest, length: steps }
    }
  })
}
