import { contract } from '../../../contract/api/contract.ts'
import type { ResultRowWithInterval } from '../../../contract/dto/run.ts'
import { names, wholeNumbers } from '../arguments.ts'
import { computeOptions, type ComputeOptions } from '../compute-options.ts'
import { exitOk } from '../exit-codes.ts'
import { findRuns } from '../find.ts'
import { cautionsOf, resultText, sortRows } from '../result-rows.ts'
import { cancelled, withSession, type CommandContext } from '../session.ts'
import { validated } from '../validated.ts'

export interface EvaluateOptions extends ComputeOptions {
  readonly protocols?: string
  readonly k?: string
}

/** What is not given is taken as the run was started with. */
export async function evaluateCommand(
  context: CommandContext,
  runTexts: readonly string[],
  options: EvaluateOptions,
): Promise<number> {
  const compute = computeOptions(options)
  const protocols = options.protocols === undefined ? undefined : names('--protocols', options.protocols)
  const ks = options.k === undefined ? undefined : wholeNumbers('--k', options.k, 1, 10_000)
  return withSession(context, async (session) => {
    const { handlers, output, interrupted } = session
    const runs = await findRuns(session, runTexts)
    const rows: ResultRowWithInterval[] = []
    for (const run of runs) {
      if (interrupted.aborted) throw cancelled('The evaluation', 'Nothing was changed; evaluate again when you like.')
      output.log(`run ${run.id} (${run.modelId}, seed ${run.seed}): evaluating`)
      const detail = await handlers.runs.get({ runId: run.id }, {})
      const input = await validated(contract.runs.evaluate, {
        runId: run.id,
        protocols: protocols ?? detail.protocols,
        ks: ks ?? detail.ks,
        ...compute,
      })
      rows.push(...(await handlers.runs.evaluate(input, { signal: interrupted })))
      const { notes } = await handlers.runs.get({ runId: run.id }, {})
      for (const { text } of notes.slice(detail.notes.length))
        output.log(`run ${run.id} (${run.modelId}, seed ${run.seed}): ${text}`)
    }
    const known = await handlers.models.protocols(undefined, {})
    output.result({ rows: sortRows(rows), runs, cautions: cautionsOf(rows, known) }, () => resultText(rows, known))
    return exitOk
  })
}
