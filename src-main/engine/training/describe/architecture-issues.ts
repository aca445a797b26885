import type { Architecture, ArchitectureIssue } from '../../../contract/dto/architecture.ts'
import type { ParamValues } from '../../../contract/params.ts'
import type { ActorCriticRecipe } from '../../core/actor-critic-recipe.ts'
import type { Recipe } from '../../core/model.ts'
import { isReplayRecipe, type ReplayRecipe } from '../../core/q-learning-recipe.ts'
import type { DataSizes } from '../../core/sketch.ts'
import type { ArchitectureParts } from './replay-architecture.ts'

/** What WebAssembly can address: no backend's memory of networks is larger. */
const largestBytes = 2 ** 32
const attending = ['attention', 'gru-attention']

/** What cannot be, and what has no effect, as the values stand together; each names the block and what to change. */
export function issuesOf(recipe: Recipe, params: ParamValues, sizes: DataSizes, parts: ArchitectureParts): ArchitectureIssue[] {
  const of = (severity: ArchitectureIssue['severity']) => (block: string, names: readonly string[], message: string) => {
    const known = names.filter((name) => Object.hasOwn(params, name))
    return { severity, block, params: known, message }
  }
  const found = isReplayRecipe(recipe) ? replayIssues(recipe, params, sizes, of('error'), of('hint')) : []
  return [...tooLarge(parts, of('error')), ...found]
}

type Tell = (block: string, params: readonly string[], message: string) => ArchitectureIssue

function tooLarge({ memory, blocks }: Pick<Architecture, 'memory' | 'blocks'>, error: Tell): ArchitectureIssue[] {
  const bytes = memory.reduce((sum, part) => sum + part.bytes, 0)
  if (bytes <= largestBytes) return []
  const largest = memory.reduce((a, b) => (b.bytes > a.bytes ? b : a))
  const gigabytes = (count: number) => `${(count / 1e9).toFixed(1)} GB`
  const heaviest = blocks.reduce((a, b) => (b.parameters > a.parameters ? b : a), blocks[0]!)
  const remedies: Record<string, string[]> = { Replay: ['replayCapacity', 'candidateSample', 'historyLength'] }
  const params = remedies[largest.part] ?? [
    'historyLength',
    'size',
    'actorHidden',
    'criticHidden',
    'hidden',
    'batchSize',
    'encoder',
  ]
  return [
    error(
      heaviest?.id ?? '',
      params,
      `It needs ${gigabytes(bytes)} of memory, and networks have ${gigabytes(largestBytes)} at most. ` +
        `Most of it is "${largest.part}" (${gigabytes(largest.bytes)}): make that smaller.`,
    ),
  ]
}

function replayIssues(recipe: ReplayRecipe, params: ParamValues, sizes: DataSizes, error: Tell, hint: Tell): ArchitectureIssue[] {
  const issues: ArchitectureIssue[] = []
  const learner = recipe.kind === 'actor-critic' ? 'critic' : 'q.joint'
  const { replay, batchSize, simulated } = recipe
  if (replay.capacity < batchSize) {
    issues.push(
      error(
        learner,
        ['replayCapacity', 'batchSize'],
        `The replay holds ${replay.capacity} transitions, and a batch takes ${batchSize}. Make the replay larger or the batch smaller.`,
      ),
    )
  }
  if (replay.learningStart > replay.capacity) {
    issues.push(
      hint(
        learner,
        ['learningStart', 'replayCapacity'],
        `Learning starts after ${replay.learningStart} steps, of which the replay keeps the last ${replay.capacity} only.`,
      ),
    )
  }
  if (simulated && simulated.shortlist > sizes.items) {
    issues.push(
      hint(
        'input.candidates',
        ['shortlist'],
        `The shortlist wants ${simulated.shortlist} items, and the data set has ${sizes.items}: it will be all of them.`,
      ),
    )
  }
  return recipe.kind === 'actor-critic' ? [...issues, ...actorIssues(recipe, params, hint)] : issues
}

/** Settings that other settings take the effect from. */
function actorIssues(recipe: ActorCriticRecipe, params: ParamValues, hint: Tell): ArchitectureIssue[] {
  const { feedback, updates, criticOnlyUpdates } = recipe
  const issues: ArchitectureIssue[] = []
  if (criticOnlyUpdates >= updates && updates > 0) {
    issues.push(
      hint(
        'actor.residual',
        ['criticOnlyUpdates', 'updates'],
        `The critic learns alone for ${criticOnlyUpdates} updates, and there are ${updates} in all: the actor never moves.`,
      ),
    )
  }
  if (feedback !== 'both' && params['actors'] === 'dual') {
    const side = feedback === 'positive' ? 'likes' : 'dislikes'
    issues.push(
      hint(`actor.${feedback}`, ['actors', 'feedback'], `With ${side} alone there is one actor, not one for each side.`),
    )
  }
  const encoder = params['encoder']
  if (typeof encoder === 'string' && !attending.includes(encoder) && params['pooling'] === 'mean') {
    const block = `actor.${feedback === 'both' ? 'positive' : feedback}.encoder`
    issues.push(
      hint(block, ['pooling', 'encoder'], 'This encoder does not attend: how attention weights are pooled has no effect.'),
    )
  }
  return issues
}
