import type { Command } from 'commander'
import type { Does } from './grammar.ts'
import { addLiveRecordCommands } from './live-record-grammar.ts'

/** `palate live`, and what it has under it. */
export function addLiveCommand(program: Command, does: Does): void {
  const live = program
    .command('live')
    .description('a live session without a window: a simulated user answers a trained policy')
    .option('--run <run>', 'number or name of a trained run')
    .option('--user <index>', 'a user of the data set watches')
    .option('--guest [items]', 'a stranger watches, with these favourites (item indexes separated by commas) or none')
    .option('--as <index>', 'whom a stranger answers like (default: --user)')
    .option('--autopilot', 'a simulated user answers')
    .option('--steps <n>', 'answers to give', '20')
    .option('--slate <n>', 'items shown at once', '1')
    .option('--learn <n>', 'gradient updates after each answer (default: the policy stays as it was trained)')
    .option('--rate <factor>', 'learning rates of training times this', '1')
    .option('--follows', "the user's vector follows the answers")
    .option('--seed <n>', 'seed of the session', '1')
    .option('--csv <file>', 'write every response to this file')
    .action(does(async (context, options) => (await import('./commands/live.ts')).liveCommand(context, options)))
  addLiveRecordCommands(live, does)
}
