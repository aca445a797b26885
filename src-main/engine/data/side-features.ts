/**
 * One attribute of all users or all items, as categories: those of user (or item) e are
 * `ids[start[e]]` to `ids[start[e + 1] - 1]`, none where it is unknown, several where it has several (genres).
 */
export interface FeatureField {
  /** For instance "occupation". */
  readonly name: string
  /** The categories by id, as people read them. */
  readonly values: readonly string[]
  readonly start: Int32Array
  readonly ids: Int32Array
}

/** What is known of users and items beside the ratings. */
export interface SideFeatures {
  readonly users: readonly FeatureField[]
  readonly items: readonly FeatureField[]
}

/** What a source says of users and items; positions are the dense indexes. */
export interface Described {
  readonly users: readonly { readonly attributes: Readonly<Record<string, string | number>> | null }[]
  readonly items: readonly { readonly year: number | null; readonly genres: readonly string[] }[]
}

/** A text with more values than this is an identifier (a postcode), not a group. */
const MOST_VALUES = 100
/** Numbers with more values than this are cut into as many groups of about equal size. */
const NUMBER_GROUPS = 10

/**
 * The attributes that can stand for groups: texts with 2 to 100 values, numbers (in ten groups of about equal size where
 * they have more values), the items' genres and years. Empty texts count as unknown. No randomness.
 */
export function sideFeaturesOf({ users, items }: Described): SideFeatures {
  const names = [...new Set(users.flatMap((user) => Object.keys(user.attributes ?? {})))].sort()
  const userFields = names.flatMap((name) => fieldOf(name, users, (user) => user.attributes?.[name] ?? null))
  const years = fieldOf('year', items, (item) => item.year)
  return {
    users: userFields,
    items: [
      ...setField(
        'genres',
        items.map((item) => item.genres),
      ),
      ...years,
    ],
  }
}

function fieldOf<T>(name: string, entities: readonly T[], valueOf: (entity: T) => string | number | null): FeatureField[] {
  const raw = entities.map(valueOf)
  const groupOf = numberGroups(raw.filter((value) => typeof value === 'number'))
  return setField(
    name,
    raw.map((value) => (value === null || value === '' ? [] : [typeof value === 'number' ? groupOf(value) : value])),
  )
}

/** @returns how the group of a number is called: the number itself, or the range of its group */
function numberGroups(numbers: readonly number[]): (value: number) => string {
  const known = [...new Set(numbers)]
  if (known.length <= 2 * NUMBER_GROUPS) return String
  const sorted = Float64Array.from(numbers).sort()
  const cuts = Array.from(
    { length: NUMBER_GROUPS - 1 },
    (_, cut) => sorted[Math.floor(((cut + 1) * sorted.length) / NUMBER_GROUPS)]!,
  )
  const lowest = [sorted[0]!, ...new Set(cuts)]
  return (value) => {
    const group = lowest.findLastIndex((least) => value >= least)
    return group + 1 < lowest.length ? `${lowest[group]} to below ${lowest[group + 1]}` : `${lowest[group]} and above`
  }
}

/** Nothing where the attribute tells nobody apart, or everybody. */
function setField(name: string, sets: readonly (readonly string[])[]): FeatureField[] {
  const known = new Set(sets.flat())
  if (known.size < 2 || known.size > MOST_VALUES) return []
  const values = [...known].sort()
  const idOf = new Map(values.map((value, id) => [value, id]))
  const start = new Int32Array(sets.length + 1)
  sets.forEach((set, e) => (start[e + 1] = start[e]! + set.length))
  return [{ name, values, start, ids: Int32Array.from(sets.flat(), (value) => idOf.get(value)!) }]
}
