import type { Command } from 'commander'
import type { BatchOptions, SharedOptions } from './commands/live-batch.ts'
import { collect, type Does } from './grammar.ts'
import { addLiveRecordCommands } from './live-record-grammar.ts'

/** `palate live`, and what it has under it. */
export function addLiveCommand(program: Command, does: Does): void {
  const live = program
    .command('live')
    .description('a live session without a window: a simulated user answers a trained policy')
    .option('--run <run>', 'number or name of a trained run')
    .option('--user <index>', 'a user of the data set watches')
    .option('--guest [items]', 'a stranger watches, with these favourites (item indexes separated by commas) or none')
    .option('--virtual <seed>', 'a virtual user watches, answers and may leave')
    .option('--persona <name[:seed]>', 'a persona watches and answers, for instance fan or fan:3 (see --personas)')
    .option('--personas', 'list the personas; with --run as they are on its data')
    .option('--set <name=value>', 'a setting of the virtual user, for instance boredom=4', collect, [])
    .option('--as <index>', 'whom a stranger answers like (default: --user)')
    .option('--autopilot', 'a simulated user answers')
    .option('--steps <n>', 'answers to give', '20')
    .option('--slate <n>', 'items shown at once', '1')
    .option('--explore <share>', 'probability that a shown place is given to chance, 0 to 1', '0')
    .option('--learn <n>', 'gradient updates after each answer (default: the policy stays as it was trained)')
    .option('--rate <factor>', 'learning rates of training times this', '1')
    .option('--follows', "the user's vector follows the answers (a stranger's does in any case, but for --initial)")
    .option('--initial', "a stranger's vector stays as the favourites made it")
    .option('--seed <n>', 'seed of the session', '1')
    .option('--csv <file>', 'write every response to this file')
    .action(does(async (context, options) => (await import('./commands/live.ts')).liveCommand(context, options)))
  live
    .command('batch')
    .description('simulated users play several policies with the same chances: rewards with intervals, paired differences')
    .requiredOption('--runs <list>', 'numbers or names of trained runs on one data set and split, separated by commas')
    .option('--users <n>', 'simulated users, drawn from the test side', '100')
    .option('--simulator <id>', 'logged or virtual', 'logged')
    .option('--name <name>', 'what to call the batch')
    .option('--users-csv <file>', 'write what each user paid each player to this file')
    .addHelpText('after', '\n--steps, --set, --learn, --rate, --seed and --csv (here: the curves) are those of "palate live".')
    .action(
      // Commander gives an option that both commands have to the outer one.
      does(async (context, options: BatchOptions) =>
        (await import('./commands/live-batch.ts')).liveBatchCommand(context, { ...live.opts<SharedOptions>(), ...options }),
      ),
    )
  addLiveRecordCommands(live, does)
  live
    .command('continue')
    .argument('<session>', 'number of a live session')
    .description("train a new run that begins with the session's weights, its replay with the session's answers")
    .option('--updates <n>', 'number of gradient updates (default: as many as the run before it)')
    .option('--name <name>', 'what to call the run')
    .action(
      does(async (context, sessionId: string, options) =>
        (await import('./commands/live-continue.ts')).liveContinueCommand(context, sessionId, options),
      ),
    )
  live
    .command('genre-test')
    .argument('<run...>', 'numbers or names of trained runs')
    .description('whether a genre sinks for whom dislikes it, or rises for whom likes it: the same viewers for every run')
    .requiredOption('--genres <list>', 'genres of the data set, separated by commas')
    .option(
      '--question <which>',
      "dislikes: the genre's share of the first 20; favourites: ranks of items never shown",
      'dislikes',
    )
    .option('--viewers <who>', 'users of the data set, or guests with five favourites of the genre', 'users')
    .option('--count <n>', 'viewers of each genre', '30')
    .option('--answers <n>', 'answers of each viewer (default: 10, for favourites 20)')
    .option('--others <what>', 'what guests say of other genres, for favourites: dislike or skip', 'skip')
    .addHelpText(
      'after',
      '\nOf "palate live" it takes --learn (default: 10), --rate, --slate (for favourites; default: 1), --seed and --csv.',
    )
    .action(
      does(async (context, runs: string[], options: object) =>
        // What both commands know is read by the outer one, wherever it stands.
        (await import('./commands/live-genre-test.ts')).genreTestCommand(context, runs, { ...live.opts(), ...options }),
      ),
    )
}
