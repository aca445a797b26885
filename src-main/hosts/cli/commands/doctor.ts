import { exitFailed, exitOk } from '../exit-codes.ts'
import { withSession, type CommandContext } from '../session.ts'

const marks = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ', 'not-run': 'not run' } as const

/** Exit code 1 when a check failed; a warning is something that works less well. */
export function doctorCommand(context: CommandContext): Promise<number> {
  return withSession(context, async ({ handlers, output }) => {
    const checks = await handlers.system.doctor(undefined, {})
    // Afterwards: by then it is known what computes.
    const info = await handlers.system.info(undefined, {})
    output.result({ info, checks }, () =>
      checks
        .map(
          (check) =>
            `${marks[check.outcome]}  ${check.title}: ${check.finding}${check.advice ? `\n         ${check.advice}` : ''}`,
        )
        .join('\n'),
    )
    return checks.some((check) => check.outcome === 'failed') ? exitFailed : exitOk
  })
}
