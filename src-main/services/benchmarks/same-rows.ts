import type { MeasuredUsers } from './measured-users.ts'
import type { Standing } from './standing.ts'

/**
 * Tells of learned rows that have the same value for every user and seed. Policies do where each of them keeps the checkpoint
 * before its first update: a reader would take five equal rows for five results that confirm each other.
 */
export async function sameRowsRemarks({ plan, rows }: Standing, users: MeasuredUsers): Promise<string[]> {
  const [figure] = plan.recipe.tested
  const [protocol] = plan.protocols
  if (figure === undefined || protocol === undefined) return []
  const { tables } = await users.rows({ ...figure, protocol }, 'all')
  const learned = rows.filter((row) => (row.role === 'policy' || row.role === 'static') && tables.has(row.id))
  const groups = Map.groupBy(learned, (row) => tables.get(row.id)!.values.join())
  return [...groups.values()].flatMap((group) => {
    if (group.length < 2) return []
    const names = `${group
      .slice(0, -1)
      .map((row) => row.id)
      .join(', ')} and ${group.at(-1)!.id}`
    return [
      `${names} have the same ${figure.metric}@${figure.k} for every user and seed: the notes of their runs say what scores.`,
    ]
  })
}
