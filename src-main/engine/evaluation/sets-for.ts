import type { ProtocolDefinition } from '../core/protocol.ts'
import { fullCatalogueSets, sampledSets, type Sides } from './candidate-pools.ts'
import { candidateSetsOf, type CandidateSets } from './candidate-sets.ts'
import { likedSampleSets, takeTold } from './convention-sets.ts'

/** Equal for protocols with the same candidates: a static model has the same lists under both. */
export function candidatesKey({ candidates, told }: ProtocolDefinition): string {
  return JSON.stringify([candidates, told ?? null])
}

/** The candidates of a protocol, and what is told before them. Yields where it takes long. */
export function* candidateSetsFor(protocol: ProtocolDefinition, sides: Sides): Generator<void, CandidateSets> {
  if (!protocol.told) return yield* setsOf(protocol.candidates, sides)
  if (protocol.candidates !== 'catalogue' && protocol.candidates !== 'test-items') {
    throw new TypeError(`${protocol.id} draws candidates, and could draw what was told`)
  }
  const { told, left, feedback } = takeTold(sides.test, protocol.told)
  const sets =
    protocol.candidates === 'catalogue' ? fullCatalogueSets({ train: sides.train, test: left }, told) : candidateSetsOf(left)
  return { ...sets, told: feedback }
}

function* setsOf(kind: ProtocolDefinition['candidates'], sides: Sides): Generator<void, CandidateSets> {
  switch (kind) {
    case 'test-items':
      return candidateSetsOf(sides.test)
    case 'catalogue':
      return fullCatalogueSets(sides)
    case 'sample':
      return sampledSets(sides)
    case 'liked-samples':
      return yield* likedSampleSets(sides)
    case 'simulated':
      throw new TypeError('Simulated users are met in an arena')
  }
}
