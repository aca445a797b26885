import { Command, Option, type CommanderError } from 'commander'
import { palateVersion } from '../version.ts'
import { usageError } from './arguments.ts'
import { addBenchmarkCommands } from './benchmark-grammar.ts'
import { addBundleCommands } from './bundle-grammar.ts'
import { addLiveCommand } from './live-grammar.ts'
import { exitCodeOf, exitOk, exitUsage } from './exit-codes.ts'
import { backendHelp, collect, type Does } from './grammar.ts'
import { createOutput, type Output } from './output.ts'
import { addRunsCommand } from './runs-grammar.ts'
import { contextOf, type CommandContext, type GlobalOptions } from './session.ts'

const exitCodeHelp = `
Exit codes: 0 done; 1 the work failed (a path, data set or run that is not there, a broken file, a run that did not
finish); 2 the command line itself is wrong (unknown flag, missing argument, unknown model, parameter out of its range).`

/**
 * The grammar of the command line. What a command does is imported when it is called, so that `palate --help` does not
 * wait for the database and the engine.
 *
 * @returns the exit code
 */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const output = createOutput(argv.includes('--json'))
  let code: number = exitOk
  const program = new Command('palate')
    .description(
      'A lab for recommender experiments: import ratings, train recommenders, compare them honestly, export everything.',
    )
    .version(palateVersion)
    .option('--workspace <dir>', 'folder of data sets and runs (default: $PALATE_WORKSPACE, else your data folder)')
    .option('--json', 'print the result as one JSON document on stdout, everything else on stderr')
    .addHelpText('after', exitCodeHelp)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => process.stdout.write(text), outputError: () => undefined })
    .showSuggestionAfterError(true)
    .exitOverride()
  const does =
    (action: (context: CommandContext, ...args: never[]) => Promise<number>) =>
    async (...args: unknown[]) => {
      const context = contextOf(program.opts<GlobalOptions>(), output)
      // Commander appends the command itself to an action's arguments.
      code = await action(context, ...(args.slice(0, -1) as never[]))
    }
  addDataCommands(program, does)
  addRunCommands(program, does)
  addBenchmarkCommands(program, does)
  addBundleCommands(program, does)
  addHostCommands(program, does)
  addBackupCommands(program, does)
  addBenchCommands(program, does)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    return failed(error, output)
  }
}

/** What both looking and importing can be told; what is not told is detected. */
function withReadingOptions(command: Command): Command {
  return command
    .option('--format <id>', 'how to read it (default: recognised by its content)')
    .option('--file <path>', 'which file of the folder or zip holds the ratings')
    .option('--encoding <name>', 'auto, utf-8, utf-16le, utf-16be, windows-1252 or latin-1')
    .option('--separator <text>', 'between columns: tab, comma, semicolon, space, pipe, or the text itself, such as ::')
    .option('--quote <character>', 'around fields, or none')
    .option('--quote-escape <how>', 'a quote in a quoted field is written: double, backslash, both or auto')
    .option('--header <yes|no>', 'the first line names the columns')
    .option('--columns <list>', 'by name or number from 1, for instance user=1,item=isbn,rating=3,time=4 (also behaviour=)')
    .option('--decimal-comma <yes|no>', '4,5 is a number')
    .option('--time-unit <unit>', 'seconds, milliseconds or iso (dates)')
    .option('--missing <list>', 'texts in place of a rating that mean "not rated", for instance 99,NULL')
    .option('--behaviours <list>', 'what behaviours mean, for instance pv=neutral:1,buy=positive:5')
    .option('--scale <min..max>', 'lowest and highest rating; what lies outside is a bad row (default: from the ratings)')
    .option('--thresholds <low..high>', 'feedback is negative up to low and positive from high; wants --scale')
    .option('--duplicates <which>', 'of several ratings of an item by a user keep: last, first, mean or all')
}

function addDataCommands(program: Command, does: Does): void {
  withReadingOptions(program.command('inspect'))
    .argument('<path>', 'a file, folder or zip of ratings')
    .description('show how a source would be read, without importing it')
    .action(
      does(async (context, path: string, options) =>
        (await import('./commands/inspect.ts')).inspectCommand(context, path, options),
      ),
    )
  withReadingOptions(program.command('import'))
    .argument('<path>', 'a file, folder or zip of ratings')
    .description('import a data set')
    .option('--name <name>', 'what to call it (default: from the path)')
    .option('--max-reject-rate <share>', 'with skip: stop when more than this share of the rows is bad, 0 to 1 (default: 0.5)')
    .option('--rejects <file.csv>', 'write the rejected rows to this file')
    .option('--on-bad-row <fail|skip>', 'a line that cannot be read ends the import, or is skipped and reported', 'fail')
    .action(
      does(async (context, path: string, options) =>
        (await import('./commands/import.ts')).importCommand(context, path, options),
      ),
    )
  program
    .command('get')
    .argument('<what>', 'ml-100k, ml-1m, ml-latest-small, or list: what there is, and under which terms')
    .description('download MovieLens from its home and import it')
    .option('--accept-licence', 'accept the terms that come with it (without: asks at a terminal)')
    .option('--name <name>', 'what to call it (default: as above)')
    .action(
      does(async (context, what: string, options) => (await import('./commands/get.ts')).getCommand(context, what, options)),
    )
  program
    .command('datasets')
    .description('list the data sets')
    .action(does(async (context) => (await import('./commands/datasets.ts')).datasetsCommand(context)))
  program
    .command('export-dataset')
    .argument('<dataset>', 'name or number of a data set')
    .description('write a data set as files that can be imported again')
    .requiredOption('--format <csv|recbole>', 'tables separated by commas, or atomic files of RecBole')
    .requiredOption('--to <folder>', 'where to: a new or empty folder')
    .action(
      does(async (context, dataset: string, options) =>
        (await import('./commands/export-dataset.ts')).exportDatasetCommand(context, dataset, options),
      ),
    )
  program
    .command('sample-lab')
    .description('make the sample lab: a small world of films to try things on')
    .option('--seed <n>', 'another seed makes another world (default: 1)')
    .option('--name <name>', 'what to call it (default: Sample lab)')
    .action(does(async (context, options) => (await import('./commands/sample-lab.ts')).sampleLabCommand(context, options)))
}

function addRunCommands(program: Command, does: Does): void {
  const checkpointEvery = ['--checkpoint-every <seconds>', 'how often the state of training is kept (default: 30)'] as const
  const protocols = [
    '--protocols <list>',
    'evaluation protocols, separated by commas; settings follow: online-simulated:steps=20:users=500',
  ] as const
  const backend = ['--backend <id>', backendHelp] as const
  const threads = ['--threads <n|auto>', 'threads of each run (default: the settings, or as before)'] as const
  const ks = ['--k <list>', 'list lengths, for instance 5,10,20'] as const
  program
    .command('models')
    .argument('[id]', 'one model, with its parameters')
    .description('list the models, or one with its parameters')
    .action(does(async (context, id: string | undefined) => (await import('./commands/models.ts')).modelsCommand(context, id)))
    .command('describe')
    .argument('<id>', 'a model of "palate models"')
    .description('how a model is built: blocks, shapes, parameters, where feedback flows, operations and memory')
    .option('--preset <id>', "a preset of the model (default: the model's own)")
    .option('--param <name=value>', 'a parameter; may be given several times', collect, [])
    .option('--dataset <name>', 'name or number of the data set whose users and items count (default: as MovieLens-100k)')
    .action(
      does(async (context, id: string, options) =>
        (await import('./commands/describe.ts')).describeCommand(context, id, options),
      ),
    )
  program
    .command('train')
    .description('train a model, once per seed, and evaluate it beside floors and ceiling')
    .requiredOption('--dataset <name>', 'name or number of a data set')
    .requiredOption('--model <id>', 'a model of "palate models"')
    .option('--preset <id>', "a preset of the model (default: the model's own)")
    .option(
      '--split <split>',
      'random:SHARE, drawn anew by each seed, random:SHARE@SEED, chronological:SHARE, time:SHARE or leave-last:COUNT (default: random:0.8)',
    )
    .option('--seeds <list>', 'one run per seed, for instance 1,2,3 (default: 1)')
    .option('--set <name=value>', 'a parameter; may be given several times', collect, [])
    .option('--updates <n>', 'number of gradient updates')
    .option(...protocols)
    .option(...ks)
    .option('--name <name>', 'what to call the runs')
    .option(...backend)
    .option(...threads)
    .option(...checkpointEvery)
    .action(does(async (context, options) => (await import('./commands/train.ts')).trainCommand(context, options)))
  program
    .command('resume')
    .argument('<run...>', 'numbers or names of runs')
    .description('continue interrupted, paused, stopped or failed runs from their last checkpoint')
    .option(...backend)
    .option(...threads)
    .option(...checkpointEvery)
    .action(
      does(async (context, runs: string[], options) =>
        (await import('./commands/resume.ts')).resumeCommand(context, runs, options),
      ),
    )
  program
    .command('retry')
    .argument('<run...>', 'numbers or names of runs')
    .description('start failed, diverged, interrupted or stopped runs once more from the beginning, as new runs')
    .option(...checkpointEvery)
    .action(
      does(async (context, runs: string[], options) =>
        (await import('./commands/resume.ts')).retryCommand(context, runs, options),
      ),
    )
  program
    .command('evaluate')
    .argument('<run...>', 'numbers or names of trained runs')
    .description('score trained runs again, under other protocols or list lengths')
    .option(...protocols)
    .option(...ks)
    .option(...backend)
    .option(...threads)
    .action(
      does(async (context, runs: string[], options) =>
        (await import('./commands/evaluate.ts')).evaluateCommand(context, runs, options),
      ),
    )
  addComparison(program, does)
  addLiveCommand(program, does)
  addRunsCommand(program, does)
  program
    .command('export')
    .argument('<run>', 'number or name of a run')
    .description('write the details of a run as CSV')
    .requiredOption('--what <metrics|recommendations|users|events>', 'what to write')
    .requiredOption('--csv <file>', 'where to')
    .action(
      does(async (context, run: string, options) => (await import('./commands/export.ts')).exportCommand(context, run, options)),
    )
}

function addComparison(program: Command, does: Does): void {
  program
    .command('split')
    .argument('<split>', 'as for train: random:0.8@1, chronological:0.8, time:0.8, leave-last:1')
    .description('make a split without training on it, and check it for leaks')
    .requiredOption('--dataset <name>', 'name or number of a data set')
    .option('--seed <n>', 'seed of a random split that names none (default: 1)')
    .action(
      does(async (context, split: string, options) =>
        (await import('./commands/split.ts')).splitCommand(context, split, options),
      ),
    )
  program
    .command('simulator')
    .description('simulated users')
    .command('report')
    .description('report card of simulated users: calibration, saturation, what floors and oracle earn')
    .requiredOption('--dataset <name>', 'name or number of a data set')
    .option('--simulator <id>', 'logged (default) or virtual')
    .option('--split <split>', 'as for train (default: random:0.8)')
    .option('--seed <n>', 'seed of a random split that names none, and of the floors (default: 1)')
    .option('--set <name=value>', 'a setting of the protocol online-simulated, for instance users=300', collect, [])
    .action(does(async (context, options) => (await import('./commands/simulator.ts')).simulatorReportCommand(context, options)))
  program
    .command('compare')
    .argument('<run...>', 'numbers or names of evaluated runs; those that differ in seed or split only count as one')
    .description('compare runs user by user: paired differences, intervals, p values, verdict')
    .option('--metric <id>', 'what to compare by (default: ndcg)')
    .option('--k <n>', 'list length (default: 20)')
    .option('--protocol <id>', 'evaluation protocol (default: rerank-sequential)')
    .option('--users <all|full-length>', 'full-length: only users with at least k candidates (default: all)')
    .action(
      does(async (context, runs: string[], options) =>
        (await import('./commands/compare.ts')).compareCommand(context, runs, options),
      ),
    )
}

function addHostCommands(program: Command, does: Does): void {
  program
    .command('serve')
    .description('open the lab in a browser: serves the window on this machine until Ctrl-C')
    .option('--port <n>', 'a port of 127.0.0.1 (default: a free one)')
    .action(does(async (context, options) => (await import('./commands/serve.ts')).serveCommand(context, options)))
  program
    .command('doctor')
    .description('check what Palate needs: Node, SQLite, disk, and each compute backend by a self-test')
    .action(does(async (context) => (await import('./commands/doctor.ts')).doctorCommand(context)))
}

function addBackupCommands(program: Command, does: Does): void {
  program
    .command('backup')
    .argument('[file]', 'where to, a new file (default: the "backups" folder of the workspace)')
    .description('write the whole workspace into one file')
    .action(
      does(async (context, file: string | undefined) => (await import('./commands/backup.ts')).backupCommand(context, file)),
    )
  program
    .command('restore')
    .argument('<file>', 'a file of "palate backup"')
    .description('check a backup and put it in the place of the workspace, which is kept aside')
    .action(does(async (context, file: string) => (await import('./commands/backup.ts')).restoreCommand(context, file)))
}

function addBenchCommands(program: Command, does: Does): void {
  const bench = program.command('bench').description('measure this machine; needs no workspace')
  bench
    .command('compute')
    .description('time one training update on every executor, beside stock TensorFlow.js')
    .option('--k <n>', 'width of the vectors', '100')
    .option('--batch <n>', 'transitions per update', '64')
    .option('--threads <list|auto>', 'thread counts to compare, for instance 1,2; auto: one, and one per CPU', 'auto')
    .option('--seconds <s>', 'how long to measure, without warming up', '30')
    .option('--steps <n>', 'so many updates of each executor, instead of a time')
    .option('--all', 'also executors that are slow or need a GPU')
    .option('--extras', 'also other measurements: scores of a large catalogue')
    .option('--peer <script>', "take turns with another library's Python script")
    .action(does(async (context, options) => (await import('./commands/bench.ts')).computeBenchCommand(context, options)))
  bench
    .command('memory')
    .description('train on and on and watch the memory of the process: nothing may grow')
    .option('--updates <n>', 'gradient updates', '100000')
    .option('--backend <id>', 'what computes', 'kernels')
    .action(does(async (context, options) => (await import('./commands/bench-memory.ts')).memoryBenchCommand(context, options)))
  bench
    .command('import')
    .description("time an import and the opening of what it stored, beside the sqlite3 shell's own")
    .option('--rows <n>', 'ratings to make for it (default: 1000000)')
    .option('--path <path>', 'what to import instead')
    .option('--rounds <n>', 'how often, for medians', '3')
    .addOption(new Option('--once <step>').hideHelp())
    .action(does(async (context, options) => (await import('./commands/bench-import.ts')).importBenchCommand(context, options)))
  bench
    .command('live')
    .description('time the answers of a live session with a run of the workspace, over a WebSocket')
    .option('--run <run>', 'number or name of a trained run')
    .option('--answers <n>', 'answers that are measured, in each of two sessions', '100')
    .option('--learn <n>', 'gradient updates after each answer in the second session', '10')
    .option('--favourites <n>', 'items that the stranger begins with', '5')
    .option('--seed <n>', 'decides favourites and answers', '1')
    .action(does(async (context, options) => (await import('./commands/bench-live.ts')).liveBenchCommand(context, options)))
  bench
    .command('window')
    .description('time the window in a real browser, on a generated workspace of thousands of runs')
    .option('--runs <n>', 'runs to make', '5000')
    .option('--points <n>', 'points of all their curves together', '20000000')
    .option('--rounds <n>', 'how often, for medians', '5')
    .option('--part <part>', 'all, table, or live: the page Train while points come', 'all')
    .option('--live-runs <n>', 'runs that seem to train', '10')
    .option('--live-points <n>', 'points in their curves when it begins', '1000000')
    .option('--live-per-second <n>', 'points that come', '1000')
    .option('--live-seconds <n>', 'how long frames are counted', '10')
    .action(does(async (context, options) => (await import('./commands/bench-window.ts')).windowBenchCommand(context, options)))
}
function failed(error: unknown, output: Output): number {
  if (!isCommanderError(error)) {
    output.failure(error)
    return exitCodeOf(error)
  }
  if (error.exitCode === 0) return exitOk
  const said = error.code === 'commander.help' ? 'Say what to do.' : sentence(error.message.replace(/^error: /, ''))
  output.failure(usageError('command line', `${said} See: palate --help`))
  return exitUsage
}

function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('commander.')
}

/** Commander's messages as ours: a capital at the start, a full stop, one line. */
function sentence(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ').trim()
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}${/[.?!)]$/.test(line) ? '' : '.'}`
}
