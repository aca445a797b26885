import type { Command } from 'commander'
import type { Does } from './grammar.ts'

/** `palate runs`, and what can be said of runs and taken back. */
export function addRunsCommand(program: Command, does: Does): void {
  const runs = program
    .command('runs')
    .description('list the runs and their key figures, or say something of them')
    .option('--csv <file>', 'write the whole table with every parameter and figure to this file')
    .option('--columns <list>', 'with --csv: these columns alone, in this order, for instance name,seed,param.gamma,ndcg@20')
    .action(does(async (context, options) => (await import('./commands/runs.ts')).runsCommand(context, options)))
  const label = () => import('./commands/label-runs.ts')
  runs
    .command('tag')
    .argument('<run...>', 'numbers or names')
    .description('put tags on runs, or take them off')
    .option('--add <list>', 'tags, separated by commas')
    .option('--remove <list>', 'tags, separated by commas')
    .action(does(async (context, texts: string[], options) => (await label()).tagRunsCommand(context, texts, options)))
  runs
    .command('note')
    .argument('<run>', 'number or name')
    .argument('<text>', 'what to note; an empty text takes the notes away')
    .description("write a run's notes")
    .option('--append', 'on a new line after what is noted already')
    .action(
      does(async (context, run: string, text: string, options) => (await label()).noteRunCommand(context, run, text, options)),
    )
  runs
    .command('archive')
    .argument('<run...>', 'numbers or names')
    .description('put runs away: the window shows them only when asked for')
    .option('--undo', 'take them out again')
    .action(does(async (context, texts: string[], options) => (await label()).archiveRunsCommand(context, texts, options)))
  runs
    .command('remove')
    .argument('<run...>', 'numbers or names')
    .description('remove runs; for some days they can be had back')
    .action(does(async (context, texts: string[]) => (await label()).removeRunsCommand(context, texts)))
  runs
    .command('restore')
    .argument('[number...]', 'of removed runs; none: list them')
    .description('bring removed runs back')
    .action(does(async (context, numbers: string[]) => (await label()).restoreRunsCommand(context, numbers)))
}
