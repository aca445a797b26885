import type { Command } from 'commander'
import type { LiveSharedOptions } from './commands/live.ts'
import type { DuelOwnOptions } from './commands/live-duel.ts'
import type { Does } from './grammar.ts'

/** `palate live duel | sessions | export | replay`. */
export function addLiveRecordCommands(live: Command, does: Does): void {
  live
    .command('duel')
    .description(
      'two trained policies before one viewer: a simulated user answers, a sign test decides; slates of 5, unless told',
    )
    .requiredOption('--runs <a,b>', 'numbers or names of two runs of one data set')
    .option('--mode <parallel|interleaved>', 'a slate each, or one of both by team draft', 'interleaved')
    .option('--decides <likes|preference>', 'likes less dislikes, or the preferred slate (only parallel)', 'likes')
    .option('--blind', 'names are withheld, and sides shuffled, until the end')
    .action(
      does(async (context, options: DuelOwnOptions) => {
        // The viewer's options are those of "live", which sees them first wherever they stand.
        const shared = live.opts<LiveSharedOptions>()
        const slate = live.getOptionValueSource('slate') === 'default' ? '5' : shared.slate
        return (await import('./commands/live-duel.ts')).liveDuelCommand(context, { ...shared, ...options, slate })
      }),
    )
  live
    .command('sessions')
    .description('list the live sessions of the workspace; with --csv also as a file')
    .action(
      does(async (context) =>
        (await import('./commands/live-record.ts')).liveSessionsCommand(context, live.opts<LiveSharedOptions>()),
      ),
    )
  live
    .command('export')
    .argument('<session>', 'number of a live session')
    .description('write a session: every response as CSV, or everything as JSON')
    .option('--format <csv|json>', 'form of the file', 'csv')
    .requiredOption('--out <file>', 'file to write')
    .action(
      does(async (context, session: string, options) =>
        (await import('./commands/live-record.ts')).liveExportCommand(context, session, options),
      ),
    )
  live
    .command('replay')
    .argument('<number>', 'number of a live session, or of a duel with --duel')
    .description('play a session again and compare every ranking with what is stored; exit code 1 where one differs')
    .option('--duel', 'the number is that of a duel: every slate is compared')
    .action(
      does(async (context, number: string, options) =>
        (await import('./commands/live-record.ts')).liveReplayCommand(context, number, options),
      ),
    )
}
