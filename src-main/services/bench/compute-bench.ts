import { referenceFlops, referenceGraphs } from '../../engine/training/reference-step/reference-graphs.ts'
import { probeBackend } from '../compute/probe-backend.ts'
import { comparePeer } from './compare-peer.ts'
import type { ComputeBenchOptions, ComputeBenchReport, ContenderRow } from './compute-bench.types.ts'
import type { Contender } from './contender.types.ts'
import { backendContender, stockContender } from './contenders.ts'
import { Field } from './field.ts'
import type { Absent, WarmUp } from './field.ts'
import { measureExtras } from './measure-extras.ts'
import { requirePeer } from './peer.ts'
import { median, quantile } from './statistics.ts'
import { thisMachine } from './this-machine.ts'
import { takeTurns } from './turns.ts'
import type { Turn, TurnLength } from './turns.ts'

const seed = 1
const shortestTurnMs = 400

/**
 * Measures the reference step on everything that can compute here, beside stock TensorFlow.js.
 * @throws PalateError when the yardstick or the peer cannot be run
 */
export async function computeBench(options: ComputeBenchOptions): Promise<ComputeBenchReport> {
  const { k, batch, length, log } = options
  if (options.peer !== undefined) requirePeer(options.peer)
  const field = new Field({ k, batch, seed }, warmUpOf(length))
  try {
    log('Opening everything that can compute here, and warming it up …')
    const possible = await possibleContenders(options)
    const { usable, absent } = await field.usable(possible.contenders)
    const allAbsent = [...possible.absent, ...absent]
    for (const { executor, threads, reason } of allAbsent) log(`Left out: ${executor} (${threads}): ${reason}`)
    const contenders = [...usable, stockContender]
    const { rounds, turn } = planOf(length, contenders.length)
    const turns = await takeTurns(field, contenders, rounds, turn, (round) => log(`Round ${round + 1} of ${rounds}`))
    const flops = referenceFlops(referenceGraphs(k, batch))
    const stock = turns.get(stockContender)!
    return {
      machine: thisMachine(),
      k,
      batch,
      flops,
      rows: contenders.map((contender) => rowOf(contender, turns.get(contender)!, stock, flops)),
      absent: allAbsent,
      peer: await comparePeer(options, field, usable, turn),
      extras: await measureExtras(options, field, usable),
    }
  } finally {
    await field.close()
  }
}

/** GPU backends are tried in a process of their own first: a driver that crashes would end this one. */
async function possibleContenders({ threads, all }: ComputeBenchOptions): Promise<{ contenders: Contender[]; absent: Absent[] }> {
  const contenders = [
    ...threads.map((count) => backendContender('native', count)),
    ...threads.map((count) => backendContender('kernels', count)),
    backendContender('plain', 1),
  ]
  const absent: Absent[] = []
  if (!all) return { contenders, absent }
  contenders.push(backendContender('tfjs-cpu', 1))
  for (const backend of ['tfjs-node-gpu', 'tfjs-webgpu'] as const) {
    const probe = await probeBackend(backend)
    if (probe.state === 'works') contenders.push(backendContender(backend, 1))
    else absent.push({ executor: backend, threads: 1, reason: probe.state === 'fails' ? probe.reason : 'not installed' })
  }
  return { contenders, absent }
}

function warmUpOf(length: ComputeBenchOptions['length']): WarmUp {
  return 'steps' in length ? { steps: 1, ms: 0 } : { steps: 2, ms: Math.min(300, 50 * length.seconds) }
}

/** Turns that are long enough for several updates, and at least three rounds of them. */
function planOf(length: ComputeBenchOptions['length'], contenders: number): { rounds: number; turn: TurnLength } {
  if ('steps' in length) return { rounds: Math.min(3, length.steps), turn: { steps: Math.ceil(length.steps / 3) } }
  const msEach = (1000 * length.seconds) / contenders
  const rounds = Math.max(3, Math.min(30, Math.floor(msEach / shortestTurnMs)))
  return { rounds, turn: { ms: msEach / rounds } }
}

function rowOf(contender: Contender, turns: readonly Turn[], stock: readonly Turn[], flops: number): ContenderRow {
  const all = turns.flatMap((turn) => turn.stepMs)
  const roundMs = turns.map((turn) => median(turn.stepMs))
  const msPerUpdate = median(roundMs)
  return {
    executor: contender.executor,
    device: turns[0]!.device,
    threads: contender.threads,
    msPerUpdate,
    p10: quantile(all, 0.1),
    p90: quantile(all, 0.9),
    gflops: flops / msPerUpdate / 1e6,
    matmulGflops: median(turns.map((turn) => turn.matmulGflops)),
    share: median(turns.map((turn, round) => flops / roundMs[round]! / 1e6 / turn.matmulGflops)),
    ratioToStock: median(stock.map((turn, round) => median(turn.stepMs) / roundMs[round]!)),
  }
}
