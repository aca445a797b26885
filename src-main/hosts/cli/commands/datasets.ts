import { exitOk } from '../exit-codes.ts'
import { withSession, type CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'

export function datasetsCommand(context: CommandContext): Promise<number> {
  return withSession(context, async ({ handlers, output }) => {
    const datasets = await handlers.datasets.list(undefined, {})
    output.result({ datasets }, () =>
      datasets.length === 0
        ? 'No data sets yet. Import one with "palate import PATH" or make one with "palate sample-lab".'
        : textTable(
            ['id', 'name', 'format', 'users', 'items', 'ratings', 'density'],
            datasets.map((set) => [set.id, set.name, set.format, set.users, set.items, set.ratings, set.density]),
          ),
    )
    return exitOk
  })
}
