import type { ColumnFound, ColumnRole, ImportSettings } from '../../src-main/contract/dto/import-settings.ts'

type ColumnRefs = NonNullable<ImportSettings['columns']>

export const columnRoles: readonly { readonly value: ColumnRole; readonly label: string }[] = [
  { value: 'user', label: 'User' },
  { value: 'item', label: 'Item' },
  { value: 'rating', label: 'Rating' },
  { value: 'behaviour', label: 'Behaviour' },
  { value: 'scenario', label: 'Scenario' },
  { value: 'time', label: 'Time' },
]

/** A table without one of these says nothing about anybody's taste. */
const needed: readonly ColumnRole[] = ['user', 'item']

/** What a column may be: "none" only where its role can be done without. */
export function roleOptions(held: ColumnRole | null): { value: ColumnRole | 'none'; label: string }[] {
  const none = { value: 'none' as const, label: 'Not read' }
  return held !== null && needed.includes(held) ? [...columnRoles] : [none, ...columnRoles]
}

/** The role of each column by `refs`: names of the header or numbers from 1, as the engine takes them. */
export function rolesHeld(columns: readonly ColumnFound[], refs: ColumnRefs): (ColumnRole | null)[] {
  const held = columns.map((): ColumnRole | null => null)
  for (const { value: role } of columnRoles) {
    const ref = refs[role]
    if (ref === undefined || ref === '') continue
    const named = columns.findIndex((column) => column.name === ref)
    const at = named >= 0 ? named : Number(ref) - 1
    if (at in held) held[at] = role
  }
  return held
}

/**
 * Gives column `index` a role. The column that had it takes over what this one was, so that nothing is lost by swapping two.
 *
 * @param byName the format itself says what its columns are called
 * @returns all roles; what no column has is said to be nowhere, so that it is not looked for again
 */
export function withRole(
  columns: readonly ColumnFound[],
  refs: ColumnRefs,
  index: number,
  role: ColumnRole | null,
  byName = false,
): ColumnRefs {
  const held = rolesHeld(columns, refs)
  const other = role === null ? -1 : held.indexOf(role)
  if (other >= 0) held[other] = held[index] ?? null
  held[index] = role
  return Object.fromEntries(
    columnRoles.flatMap(({ value }) => {
      const at = held.indexOf(value)
      if (at >= 0) return [[value, reference(columns, at, byName)]]
      return needed.includes(value) ? [] : [[value, '']]
    }),
  )
}

/** By number, which stays right when the header comes and goes; by name where a column is called like that number. */
function reference(columns: readonly ColumnFound[], index: number, byName: boolean): string {
  const number = String(index + 1)
  return byName || columns.some((column) => column.name === number) ? columns[index]!.name : number
}
