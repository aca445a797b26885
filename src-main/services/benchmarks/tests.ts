import type { BenchmarkClaim, BenchmarkTest } from '../../contract/dto/benchmark.ts'
import { testPairs } from '../../engine/evaluation/statistics/compare.ts'
import { differenceOf, usersWithValue, type Measured } from '../../engine/evaluation/statistics/measured.ts'
import { inTurns } from '../in-turns.ts'
import { trialsWithValue } from './figures.ts'
import type { MeasuredRows, MeasuredUsers } from './measured-users.ts'
import type { PlannedRow } from './plan.ts'
import { tunedFactorisation } from './recipe.ts'
import type { Standing } from './standing.ts'

const sequential = 'rerank-sequential'
const oneshot = 'rerank-oneshot'

const claims: Readonly<Record<BenchmarkTest['claim'], BenchmarkClaim>> = {
  'tuned-mf': {
    claim: 'tuned-mf',
    title: 'Learned model against tuned matrix factorisation',
    doc: 'Does it order better than a biased matrix factorisation that was tuned on a part of the training ratings?',
  },
  sequential: {
    claim: 'sequential',
    title: 'Sequential against one-shot',
    doc: 'Does the same policy order better for seeing the feedback to each recommendation before it makes the next?',
  },
  ablation: {
    claim: 'ablation',
    title: 'With a part left out',
    doc: 'Does the model order worse without it?',
  },
}

/** Two sides of a test, still without their values. */
interface Side {
  readonly row: PlannedRow
  readonly protocol: string
}
interface WantedPair {
  readonly a: Side
  readonly b: Side
}

/** @returns the tests that the cells done so far allow, claim by claim, and what the claims are */
export async function testsOf(
  { plan, rows }: Standing,
  users: MeasuredUsers,
  signal: AbortSignal | undefined,
): Promise<{ claims: BenchmarkClaim[]; tests: BenchmarkTest[] }> {
  const [main] = plan.protocols
  const tests: BenchmarkTest[] = []
  if (main === undefined) return { claims: [], tests }
  const families: readonly (readonly [BenchmarkTest['claim'], readonly WantedPair[]])[] = [
    ['tuned-mf', againstTuned(rows, main)],
    ['sequential', plan.protocols.includes(sequential) && plan.protocols.includes(oneshot) ? againstOneshot(rows) : []],
    ['ablation', ablations(rows, plan.recipe.ablation, main)],
  ]
  for (const [claim, wanted] of families) {
    for (const figure of plan.recipe.tested) {
      const protocols = [...new Set(wanted.flatMap(({ a, b }) => [a.protocol, b.protocol]))]
      const measured = new Map<string, MeasuredRows>()
      for (const protocol of protocols) measured.set(protocol, await users.rows({ ...figure, protocol }, figure.subset))
      const pairs = wanted.flatMap((pair) => withValues(pair, measured))
      const results = await inTurns(testPairs(pairs, 1), 'benchmark', signal)
      results.forEach((result, at) => {
        const { wanted: pair, a, b } = pairs[at]!
        tests.push({
          claim,
          a: pair.a.row.id,
          b: pair.b.row.id,
          aProtocol: pair.a.protocol,
          bProtocol: pair.b.protocol,
          ...figure,
          ...result,
          seeds: trialsWithValue(differenceOf(a, b)),
        })
      })
    }
  }
  const told = new Set(tests.map((test) => test.claim))
  return { claims: Object.values(claims).filter(({ claim }) => told.has(claim)), tests }
}

function againstTuned(rows: readonly PlannedRow[], protocol: string): WantedPair[] {
  const bar = rows.find((row) => row.id === tunedFactorisation)
  const learned = rows.filter((row) => (row.role === 'policy' || row.role === 'static') && row.unavailable === null)
  return bar ? learned.map((row) => ({ a: { row, protocol }, b: { row: bar, protocol } })) : []
}

function againstOneshot(rows: readonly PlannedRow[]): WantedPair[] {
  const policies = rows.filter((row) => row.role === 'policy' && row.unavailable === null)
  return policies.map((row) => ({ a: { row, protocol: sequential }, b: { row, protocol: oneshot } }))
}

/** Preset by preset. */
function ablations(rows: readonly PlannedRow[], wanted: Standing['plan']['recipe']['ablation'], protocol: string): WantedPair[] {
  const whole = rows.filter((row) => row.model === wanted?.of)
  const parts = rows.filter((row) => row.model !== null && wanted?.models.includes(row.model))
  return parts.flatMap((row) => {
    const other = whole.find((one) => one.preset === row.preset)
    return other ? [{ a: { row, protocol }, b: { row: other, protocol } }] : []
  })
}

/** The same users stand in both tables, or nothing is tested; without a user that both have a value of, neither. */
function withValues(
  wanted: WantedPair,
  measured: ReadonlyMap<string, MeasuredRows>,
): { wanted: WantedPair; a: Measured; b: Measured }[] {
  const [ofA, ofB] = [measured.get(wanted.a.protocol), measured.get(wanted.b.protocol)]
  const a = ofA?.tables.get(wanted.a.row.id)
  const b = ofB?.tables.get(wanted.b.row.id)
  if (!a || !b || !sameUsers(ofA!, ofB!)) return []
  return usersWithValue(differenceOf(a, b)) === 0 ? [] : [{ wanted, a, b }]
}

function sameUsers(a: MeasuredRows, b: MeasuredRows): boolean {
  return a === b || (a.userIndex.length === b.userIndex.length && a.userIndex.every((user, at) => user === b.userIndex[at]))
}
