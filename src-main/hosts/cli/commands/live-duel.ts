import { contract } from '../../../contract/api/contract.ts'
import type { DuelStanding, DuelView } from '../../../contract/dto/duel.ts'
import { names, oneOf, usageError, wholeNumber } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { findRuns } from '../find.ts'
import { withSession, type CommandContext } from '../session.ts'
import { writeTextFile } from '../text-file.ts'
import { textTable } from '../text-table.ts'
import { validated } from '../validated.ts'
import { liveSetupOf, type LiveSharedOptions } from './live.ts'

export interface DuelOwnOptions {
  readonly runs: string
  readonly mode: string
  readonly decides: string
  readonly blind?: boolean
}
type LiveDuelOptions = LiveSharedOptions & DuelOwnOptions

/** Two policies before a simulated user, to the verdict. The duel stays in the workspace and can be seen in the window. */
export async function liveDuelCommand(context: CommandContext, options: LiveDuelOptions): Promise<number> {
  const setup = setupOf(options)
  const as = options.as === undefined ? undefined : wholeNumber('--as', options.as, 0, 2 ** 31 - 1)
  const runs = names('--runs', options.runs)
  if (runs.length !== 2) throw usageError('--runs', `--runs wants two runs separated by a comma, not ${runs.length}.`)
  return withSession(context, async (session) => {
    const { handlers, output, interrupted } = session
    const [first, second] = await findRuns(session, runs)
    const input = await validated(contract.duels.open, { first: first!.id, second: second!.id, ...setup })
    const { duel } = await handlers.duels.open(input, {})
    const auto = await validated(contract.duels.autopilot, { duelId: duel.id, as, steps: setup.planned })
    for await (const { duel: now } of handlers.duels.autopilot(auto, { signal: interrupted })) {
      if (output.interactive) output.log(`Step ${now.steps} of ${setup.planned}`)
    }
    const ended = await handlers.duels.finish({ duelId: duel.id }, {})
    const written =
      options.csv === undefined ? null : await writeTextFile(options.csv, handlers.duels.exportSteps({ duelId: duel.id }, {}))
    output.result(
      { duel: ended.duel, standing: ended.standing, remarks: ended.remarks, ...(written ? { csv: written.file } : {}) },
      () => duelText(ended),
    )
    return exitOk
  })
}

function setupOf(options: LiveDuelOptions) {
  return {
    ...liveSetupOf({ ...options, slate: String(wholeNumber('--slate', options.slate, 1, 10)) }),
    mode: oneOf('--mode', options.mode, ['parallel', 'interleaved']),
    decides: oneOf('--decides', options.decides, ['likes', 'preference']),
    blind: options.blind === true,
    planned: wholeNumber('--steps', options.steps, 1, 1000),
  }
}

function duelText({ duel, standing, remarks }: DuelView): string {
  const policies = duel.policies!
  const { wins, likes, dislikes, ties } = standing!
  return [
    `Duel ${duel.id} (${duel.name}): ${duel.steps} steps, ${ties} of them ties.`,
    textTable(
      ['policy', 'run', 'won', 'liked', 'disliked'],
      ([0, 1] as const).map((at) => [policies[at].runName, policies[at].runId, wins[at], likes[at], dislikes[at]]),
    ),
    verdictText(standing!, [policies[0].runName, policies[1].runName]),
    ...remarks.map((remark) => `Note: ${remark}`),
  ].join('\n')
}

function verdictText({ wins, p, distinguishable, winsNeeded }: DuelStanding, policies: readonly [string, string]): string {
  if (p === null) return 'Verdict: no step was decided.'
  const test = `sign test over ${wins[0] + wins[1]} decided steps, p = ${p.toPrecision(3)}`
  if (distinguishable) return `Verdict: ${policies[wins[0] > wins[1] ? 0 : 1]} wins (${test}).`
  const needed = winsNeeded === null ? 'so few could not tell them apart' : `${winsNeeded} won would have told them apart`
  return `Verdict: not distinguishable (${test}; ${needed}).`
}
