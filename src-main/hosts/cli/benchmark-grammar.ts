import type { Command } from 'commander'
import { backendHelp, type Does } from './grammar.ts'

/** `palate benchmark list | run | show`. */
export function addBenchmarkCommands(program: Command, does: Does): void {
  const benchmark = program.command('benchmark').description("measure a paper's table, beside what the paper prints")
  const withTable = (command: Command) =>
    command
      .option('--csv', 'print the table as CSV')
      .option('--markdown', 'print the table as Markdown')
      .option('--latex', 'print the table as LaTeX')
      .option('--out <file>', 'write the table to this file (.csv, .json, .md and .tex say how)')
  benchmark
    .command('list')
    .description('list the benchmarks, and what of them stands in the workspace')
    .action(does(async (context) => (await import('./commands/benchmark.ts')).benchmarkListCommand(context)))
  withTable(benchmark.command('run'))
    .argument('<name>', 'a benchmark of "palate benchmark list"')
    .description('fill the table, cell by cell; called again, it goes on where it was')
    .option('--dataset <name>', 'name or number of a data set (default: the one that the benchmark is about)')
    .option('--seeds <n>', 'so many seeds, from 1 (default: as the benchmark says)')
    .option('--rows <list>', 'rows or models, separated by commas (default: all); floors and ceiling are always there')
    .option('--budget <minutes>', 'begin no cell later than this and pause what is at work')
    .option('--backend <id>', backendHelp)
    .option('--threads <n|auto>', 'threads of each run (default: the settings)')
    .option('--checkpoint-every <seconds>', 'how often the state of training is kept (default: 30)')
    .action(
      does(async (context, name: string, options) =>
        (await import('./commands/benchmark.ts')).benchmarkRunCommand(context, name, options),
      ),
    )
  withTable(benchmark.command('show'))
    .argument('<name>', 'a benchmark of "palate benchmark list"')
    .description('show the table as far as it is filled, or what it would hold')
    .option('--dataset <name>', 'where it was started on several')
    .action(
      does(async (context, name: string, options) =>
        (await import('./commands/benchmark.ts')).benchmarkShowCommand(context, name, options),
      ),
    )
}
