import type { Command } from 'commander'
import type { Does } from './grammar.ts'

/** `palate bundle`. */
export function addBundleCommands(program: Command, does: Does): void {
  const bundle = program.command('bundle').description('runs in one file, for another workspace')
  bundle
    .command('export')
    .argument('<run...>', 'numbers or names of ended runs of one data set')
    .description('pack runs: record, seed, weights, curves, figures, recommendations')
    .requiredOption('--out <file>', 'where to, for instance paper.palate-bundle')
    .option('--with-data', 'pack the data set too, so that an empty workspace can train again; mind its licence')
    .action(
      does(async (context, runs: string[], options) =>
        (await import('./commands/bundle.ts')).exportBundleCommand(context, runs, options),
      ),
    )
  bundle
    .command('import')
    .argument('<file>', 'a bundle')
    .description('make the runs of a bundle runs of this workspace; one that is here already is left as it is')
    .action(does(async (context, file: string) => (await import('./commands/bundle.ts')).importBundleCommand(context, file)))
  bundle
    .command('verify')
    .argument('<file>', 'a bundle')
    .description(
      'check a bundle: its contents by their hashes, its figures by scoring the stored weights; exit code 1 when something differs',
    )
    .option('--rerun', 'train again from the seed as well, and compare weights, curves and figures')
    .action(
      does(async (context, file: string, options) =>
        (await import('./commands/bundle.ts')).verifyBundleCommand(context, file, options),
      ),
    )
}
