import { contract } from '../../../contract/api/contract.ts'
import type { ComparedPair, Comparison } from '../../../contract/dto/evaluation.ts'
import { names, oneOf, wholeNumber } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import { findRuns } from '../find.ts'
import { withSession, type CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'
import { validated } from '../validated.ts'

export interface CompareOptions {
  readonly metric?: string
  readonly k?: string
  readonly protocol?: string
  readonly users?: string
}

/** Compares evaluated runs user by user: nothing is trained and nothing is scored. */
export async function compareCommand(
  context: CommandContext,
  runTexts: readonly string[],
  options: CompareOptions,
): Promise<number> {
  const figure = {
    metric: options.metric === undefined ? undefined : names('--metric', options.metric)[0],
    k: options.k === undefined ? undefined : wholeNumber('--k', options.k, 1, 10_000),
    protocol: options.protocol,
    subset: options.users === undefined ? undefined : oneOf('--users', options.users, ['all', 'full-length']),
  }
  return withSession(context, async (session) => {
    const runIds = (await findRuns(session, runTexts)).map((run) => run.id)
    const input = await validated(contract.evaluation.compare, { runIds, ...figure })
    const comparison = await session.handlers.evaluation.compare(input, { signal: session.interrupted })
    session.output.result({ ...comparison }, () => comparisonText(comparison))
    return exitOk
  })
}

function comparisonText(comparison: Comparison): string {
  const { metric, k, protocol, subset, trials, contenders, pairs, caution, remarks, datasetName } = comparison
  const users = subset === 'all' ? 'all users' : `users with at least ${k} candidates`
  const trialText = trials.map(({ split, seed }) => `${split} seed ${seed}`).join(', ')
  const reward = contenders.some((one) => one.interquartileMean !== null)
  const means = textTable(
    ['model', 'runs', metric, 'low', 'high', ...(reward ? ['inter-quartile mean'] : []), 'users'],
    contenders.map((one) => [
      one.label,
      one.runIds.join(' '),
      figure(one.mean),
      figure(one.low),
      figure(one.high),
      ...(reward ? [figure(one.interquartileMean)] : []),
      one.users,
    ]),
  )
  return [
    `${metric}@${k}, ${protocol}, ${users}, ${datasetName} (${trialText})`,
    ...(caution ? [caution] : []),
    means,
    '',
    'Paired differences with 95 % bootstrap intervals over seeds and users',
    pairsText(
      contenders.map(({ label }) => label),
      pairs,
    ),
    ...remarks,
  ].join('\n')
}

/** Paired differences as a table. @param labels by position */
export function pairsText(labels: readonly string[], pairs: readonly ComparedPair[]): string {
  return textTable(
    ['a', 'b', 'a - b', 'low', 'high', 'p', 'p (Holm)', 'users', 'verdict'],
    pairs.map((pair) => [
      labels[pair.a]!,
      labels[pair.b]!,
      figure(pair.difference),
      figure(pair.low),
      figure(pair.high),
      figure(pair.p),
      figure(pair.correctedP),
      pair.users,
      verdictText(pair),
    ]),
  )
}

/** As text, so that a whole number in a column of figures does not lose its decimals. */
export function figure(value: number | null): string | null {
  return value === null ? null : value.toFixed(4)
}

function verdictText({ verdict }: ComparedPair): string {
  return verdict === 'not distinguishable' ? verdict : `a is ${verdict}`
}
