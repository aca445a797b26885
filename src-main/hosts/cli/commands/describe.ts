import { contract } from '../../../contract/api/contract.ts'
import type { Architecture } from '../../../contract/dto/architecture.ts'
import { describe } from '../../../services/architecture/describe.ts'
import { engineCatalogue } from '../../../services/models.ts'
import { assignments } from '../arguments.ts'
import { exitFailed, exitOk } from '../exit-codes.ts'
import { withSession, type CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'
import { validated } from '../validated.ts'

export interface DescribeOptions {
  readonly preset?: string
  readonly param: readonly string[]
  readonly dataset?: string
}

/** Needs a workspace only where the sizes are those of one of its data sets. Values that cannot train exit with 1. */
export async function describeCommand(context: CommandContext, id: string, options: DescribeOptions): Promise<number> {
  const { preset, dataset } = options
  const input = await validated(contract.models.describe, {
    model: id,
    preset,
    params: assignments('--param', options.param),
    dataset,
  })
  const described =
    dataset === undefined
      ? describe(engineCatalogue(), input)
      : await withSession(context, ({ handlers }) => handlers.models.describe(input, {}))
  context.output.result({ ...described }, () => architectureText(described))
  return described.issues.some(({ severity }) => severity === 'error') ? exitFailed : exitOk
}

function architectureText(described: Architecture): string {
  const { model, sizes, network, blocks, edges, tables, parameters, flopsPerUpdate, flopsPerAct, memory, notes, issues } =
    described
  const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 0 })
  const flow = { positive: '+', negative: '-', both: '+-', none: '' }
  const bytes = memory.reduce((sum, part) => sum + part.bytes, 0)
  return [
    `${model} for ${number(sizes.users)} users, ${number(sizes.items)} items, ${number(sizes.ratings)} ratings (${sizes.source})`,
    '',
    textTable(
      ['block', 'what', 'feedback', 'result', 'parameters', 'from'],
      blocks.map((block) => [
        block.id,
        block.title,
        flow[block.flow],
        block.shape.join(' x '),
        block.parameters,
        edges.flatMap(({ from, to }) => (to === block.id ? [from] : [])).join(', '),
      ]),
    ),
    '',
    ...(network ? tables : []).map(
      ({ title, shape, count }) => `${title}: ${shape.join(' x ') || 'one'}, ${number(count)} numbers`,
    ),
    `Parameters: ${number(parameters)}`,
    ...(flopsPerUpdate === null ? [] : [`FLOPs per update: ${number(flopsPerUpdate)}`]),
    ...(flopsPerAct === null ? [] : [`FLOPs per recommendation: ${number(flopsPerAct)}`]),
    `Memory: ${(bytes / 1e6).toFixed(1)} MB (${memory.map((part) => `${part.part.toLowerCase()} ${(part.bytes / 1e6).toFixed(1)}`).join(', ')})`,
    ...notes,
    ...issues.map(({ severity, block, message }) => `${severity === 'error' ? 'Cannot train' : 'Note'}, ${block}: ${message}`),
  ].join('\n')
}
