import { contract } from '../../../contract/api/contract.ts'
import type { LiveView, LiveViewer } from '../../../contract/dto/live.ts'
import { assignments, usageError, wholeNumber, wholeNumbers } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { findRun } from '../find.ts'
import { withSession, type CommandContext } from '../session.ts'
import { writeTextFile } from '../text-file.ts'
import { textTable } from '../text-table.ts'
import { validated } from '../validated.ts'
import { livePersonasCommand, personaOf } from './live-personas.ts'

/** What a session of one policy shares with a duel. */
export interface LiveSharedOptions {
  readonly user?: string
  readonly guest?: string | true
  readonly virtual?: string
  readonly persona?: string
  readonly set: readonly string[]
  readonly as?: string
  readonly steps: string
  readonly slate: string
  readonly learn?: string
  readonly rate: string
  readonly seed: string
  readonly follows?: boolean
  readonly initial?: boolean
  readonly csv?: string
}

interface LiveCommandOptions extends LiveSharedOptions {
  readonly run?: string
  readonly explore: string
  readonly autopilot?: boolean
  readonly personas?: boolean
}

/** A live session without a window: a simulated user answers. The session stays in the workspace and can be opened in the window. */
export async function liveCommand(context: CommandContext, options: LiveCommandOptions): Promise<number> {
  if (options.personas) return livePersonasCommand(context, options.run === undefined ? {} : { run: options.run })
  const runText = options.run
  if (runText === undefined) throw usageError('--run', 'Say which trained run plays: --run with its number or name.')
  if (!options.autopilot)
    throw usageError('--autopilot', 'A session without a window is played by a simulated user: add --autopilot.')
  const steps = wholeNumber('--steps', options.steps, 1, 1000)
  const setup = { ...liveSetupOf(options), exploration: Number(options.explore) }
  return withSession(context, async (session) => {
    const { handlers, output, interrupted } = session
    const run = await findRun(session, runText)
    const opened = await handlers.live.open(await validated(contract.live.open, { runId: run.id, ...setup }), {
      signal: interrupted,
    })
    const sessionId = opened.session.id
    const as = options.as === undefined ? undefined : wholeNumber('--as', options.as, 0, 2 ** 31 - 1)
    const input = await validated(contract.live.autopilot, { sessionId, answers: steps, as })
    const rewards: (number | null)[] = []
    let last = opened
    for await (const view of handlers.live.autopilot(input, { signal: interrupted })) {
      last = view
      rewards.push(view.figures.reward)
    }
    const drift = setup.learning ? await handlers.live.drift({ sessionId }, {}) : null
    const written =
      options.csv === undefined ? null : await writeTextFile(options.csv, handlers.live.exportEvents({ sessionId }, {}))
    const csv = written ? { csv: written.file } : {}
    output.result(
      { session: last.session, figures: last.figures, updates: last.updates, remarks: last.remarks, rewards, drift, ...csv },
      () => liveText(last, drift),
    )
    return exitOk
  })
}

/** Who watches: a user of the data set, a guest with or without favourites, a virtual user, or a persona. */
function viewerOf(options: LiveSharedOptions): LiveViewer {
  const watching = [options.user, options.guest, options.virtual, options.persona].filter((one) => one !== undefined)
  if (watching.length !== 1) throw usageError('--user', 'Say who watches: --user, --guest, --virtual or --persona.')
  if (options.set.length > 0 && options.virtual === undefined)
    throw usageError('--set', '--set changes a virtual user: add --virtual, or leave it out.')
  if (options.as !== undefined && (options.virtual ?? options.persona) !== undefined)
    throw usageError('--as', 'A virtual user and a persona answer for themselves: leave --as out.')
  if (options.virtual !== undefined) {
    const seed = wholeNumber('--virtual', options.virtual, 0, 1_000_000)
    return { kind: 'virtual', seed, settings: assignments('--set', options.set) }
  }
  if (options.persona !== undefined) return personaOf(options.persona)
  if (options.user !== undefined) return { kind: 'user', userIndex: wholeNumber('--user', options.user, 0, 2 ** 31 - 1) }
  const favourites = typeof options.guest === 'string' ? wholeNumbers('--guest', options.guest, 0, 2 ** 31 - 1) : []
  return { kind: 'guest', favourites }
}

/** The setup that the options of `palate live` say. */
export function liveSetupOf(options: LiveSharedOptions) {
  return {
    viewer: viewerOf(options),
    userVector: options.follows ? ('follows' as const) : options.initial ? ('initial' as const) : ('fixed' as const),
    learning:
      options.learn === undefined
        ? null
        : { updatesPerAnswer: wholeNumber('--learn', options.learn, 1, 100), rateFactor: Number(options.rate) },
    slate: wholeNumber('--slate', options.slate, 1, 20),
    seed: wholeNumber('--seed', options.seed, 0, 2 ** 31 - 1),
  }
}

function liveText(view: LiveView, drift: { before: number; after: number; users: number } | null): string {
  const { session, figures, updates, remarks, limits } = view
  const shown = (value: number | null) => value?.toFixed(4) ?? 'none'
  return [
    ...(session.persona ? [`${session.persona.title}: ${session.persona.brief}`] : []),
    `Session ${session.id} (${session.name}): ${session.answers} answers, ${session.likes} liked, ${session.dislikes} disliked, ${session.skips} passed over.`,
    `Mean reward ${shown(figures.reward)}, precision ${shown(figures.precision)}, ${updates} updates.`,
    ...(drift
      ? [`Drift on ${drift.users} held-out users: NDCG@20 ${drift.before.toFixed(4)} before, ${drift.after.toFixed(4)} now.`]
      : []),
    ...remarks.map((remark) => `Note: ${remark}`),
    ...limits.map((limit) => `Note: ${limit}`),
    textTable(
      ['rank', 'before', 'title', 'score'],
      view.ranking.slice(0, 10).map((item) => [item.rank, item.rankBefore, item.title, item.score]),
    ),
  ].join('\n')
}
