import type { ComputeBenchOptions, PeerRow } from './compute-bench.types.ts'
import type { Contender } from './contender.types.ts'
import type { Field } from './field.ts'
import { runPeer } from './peer.ts'
import { median } from './statistics.ts'
import { takeTurn } from './turns.ts'
import type { TurnLength } from './turns.ts'

const rounds = 3
const peerSteps = 60

/**
 * Takes turns with another program: once the peer, once each of ours that uses as many threads. Plain JavaScript is left
 * out, it would only prolong the wait.
 * @throws PalateError as `runPeer`
 */
export async function comparePeer(
  { k, batch, threads, peer: script, log }: ComputeBenchOptions,
  field: Field,
  contenders: readonly Contender[],
  turn: TurnLength,
): Promise<PeerRow[]> {
  if (script === undefined) return []
  const rows: PeerRow[] = []
  for (const count of threads) {
    const ours = contenders.filter((one) => one.threads === count && one.backend !== 'plain' && one.group !== 'tfjs')
    const times = new Map<Contender, number[]>(ours.map((one) => [one, []]))
    const peerMs: number[] = []
    let name = ''
    for (let round = 0; round < rounds; round++) {
      log(`Peer with ${count} ${count === 1 ? 'thread' : 'threads'}, round ${round + 1} of ${rounds}`)
      const steps = 'steps' in turn ? turn.steps : peerSteps
      const result = await runPeer(script, { k, batch, threads: count, steps })
      name = result.peer
      peerMs.push(result.msPerStep)
      for (const one of ours) times.get(one)!.push(median((await takeTurn(await field.ready(one), turn)).stepMs))
    }
    rows.push({
      peer: name,
      threads: count,
      msPerUpdate: median(peerMs),
      against: ours.map((one) => ({
        executor: one.executor,
        msPerUpdate: median(times.get(one)!),
        ratio: median(times.get(one)!.map((ms, round) => peerMs[round]! / ms)),
      })),
    })
  }
  return rows
}
