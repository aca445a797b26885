import type { ColumnRole, ImportSettings, TimeUnit } from '../../../contract/dto/import-settings.ts'
import { PalateError } from '../../../contract/errors.ts'
import { parseNumber } from './numbers.ts'
import { isBoolean, usualMeaning } from './rating-scales.ts'
import { detectTimeUnit } from './times.ts'

/** Which column plays which part; positions from 0. */
export type Roles = { [R in ColumnRole]?: number | undefined }

export interface RolesFound {
  readonly roles: Roles
  /** 0..1: how likely these columns are feedback of users on items. */
  readonly confidence: number
  readonly timeUnit: TimeUnit | null
  /** The ratings' column was told by its content alone, although columns have names. */
  readonly isRatingGuessed: boolean
}

/** Names in a header, without case, punctuation and RecBole's types ("user_id:token"). The first pattern that fits wins. */
const NAMES: Record<ColumnRole, RegExp> = {
  user: /^(user|users|uid|userid|username|usr|reviewer|reviewerid|customer|customerid|visitor|visitorid|member|memberid|profile|profileid|account|accountid|player|playerid|listener|reader|rater|person|personid|.*userid)$/,
  item: /^(item|items|iid|itemid|movie|movieid|film|filmid|book|bookid|isbn|asin|parentasin|product|productid|sku|song|songid|track|trackid|artist|artistid|video|videoid|photo|photoid|article|articleid|news|newsid|joke|jokeid|game|gameid|anime|animeid|recipe|recipeid|business|businessid|place|placeid|venueid|appid|.*itemid|.*movieid)$/,
  rating:
    /^(rating|ratings|rate|score|stars|star|overall|grade|mark|vote|points|preference|ratingvalue|reviewscore|watchratio|.*rating)$/,
  time: /^(timestamp|time|ts|t|date|datetime|day|when|unixtime|unixreviewtime|reviewtime|eventtime|timems|createdat|ratedat|ratetime|dateadded|reviewdate|ratingdate|eventdate|.*timestamp)$/,
  behaviour:
    /^(behaviou?rs?|behaviou?rtype|event|eventtype|eventname|action|actiontype|feedback|interaction|interactiontype|btag)$/,
  scenario: /^(scenario|scenarioid|scene|sceneid|tab|tabid|surface|placement)$/,
}
const ROLES = Object.keys(NAMES) as ColumnRole[]
/** Who acts where no user is known. */
const SESSION_NAME = /^(session|sessionid)$/
/** A yes or no about the item. */
const VERDICT_NAME = /^(is)?(recommended|recommend|liked?|votedup|thumbsup)$/
/** How often or how strongly something was chosen. */
const WEIGHT_NAME = /^(weight|count|plays|listens|hours|playhours|playtime|.*weight|.*count)$/
/** Small numbers that say nothing about how the item pleased. */
const NO_RATING_NAME =
  /(id|index)$|^(page|year|month|day|hour|price|age|helpful.*|unhelpful|funny|cool|useful|votes|lat.*|lon.*|lng)$/
/** The person said that no column has this role: it is not looked for. */
const NO_COLUMN = -1

export function plainName(name: string): string {
  return name
    .replace(/:(token|float|token_seq|float_seq)$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
}

/** The role that a header's name says, or null. */
export function roleOfName(name: string): ColumnRole | null {
  const plain = plainName(name)
  return ROLES.find((role) => NAMES[role].test(plain)) ?? null
}

/** Whether a column of this name tells how often or how strongly: every such number says yes. */
export function isWeightName(name: string): boolean {
  return WEIGHT_NAME.test(plainName(name))
}

/** Whether a column of this name stands for the user where none of a user's name does. */
export function isSessionName(name: string): boolean {
  return SESSION_NAME.test(plainName(name))
}

/**
 * Whether the first row names the columns: two of its cells are names of roles, or it holds text where every later row holds
 * a number.
 */
export function looksLikeHeader(first: readonly string[], others: readonly (readonly string[])[]): boolean {
  if (new Set(first.map(roleOfName).filter((role) => role !== null)).size >= 2) return true
  if (others.length < 2 || first.some((cell) => cell.trim() === '')) return false
  const allText = first.every((cell) => !isNumber(cell))
  return allText && first.some((_, column) => others.every((row) => isNumber(row[column] ?? '')))
}

/**
 * Finds the columns by their names and, where those say nothing, by what stands in them.
 *
 * @param header null when the file has none
 * @param chosen by the person; stands above everything
 */
export function findRoles(header: readonly string[] | null, rows: readonly (readonly string[])[], chosen: Roles): RolesFound {
  const roles: Roles = { ...chosen }
  const width = Math.max(header?.length ?? 0, ...rows.slice(0, 50).map((row) => row.length))
  const taken = () => new Set(Object.values(roles))
  const free = () => Array.from({ length: width }, (_, column) => column).filter((column) => !taken().has(column))
  const cells = (column: number) => rows.map((row) => row[column] ?? '')
  if (header) nameRoles(roles, header, free, cells)
  const named = { ...roles }
  roles.behaviour ??= free().find((column) => areBehaviours(cells(column)))
  roles.time ??= free().findLast((column) => areTimes(cells(column)))
  if (roles.user === undefined || roles.item === undefined) {
    // The habit of all files without names: user, item, rating. What identifies comes before what is said of it.
    const whole = free().filter((column) => !areMeasures(cells(column)))
    const [first, second] = whole.length >= 2 ? whole : free()
    if (roles.user === undefined && roles.item === undefined) {
      roles.user = first
      roles.item = second
    } else if (roles.user === undefined) roles.user = first
    else roles.item = first
  }
  if ((roles.behaviour ?? NO_COLUMN) === NO_COLUMN) {
    roles.rating ??= free().find((column) => mayRate(column, header, roles.item) && areRatings(cells(column)))
  }
  const found = dropUndefined(roles)
  const timeUnit = found.time === undefined ? null : detectTimeUnit(cells(found.time))
  const isRatingGuessed = header !== null && found.rating !== undefined && named.rating === undefined
  return { roles: found, timeUnit, isRatingGuessed, confidence: confidenceOf(found, named, chosen, width, rows) }
}

/** Gives the columns their roles by the names in the header; of several for a role, to the first whose content fits too. */
function nameRoles(
  roles: Roles,
  header: readonly string[],
  free: () => readonly number[],
  cells: (column: number) => readonly string[],
): void {
  const fits: Partial<Record<ColumnRole, (column: number) => boolean>> = {
    time: (column) => areTimes(cells(column)),
    rating: (column) => mostly(cells(column), isNumber),
  }
  for (const role of ROLES) {
    const candidates = free().filter((column) => roleOfName(header[column] ?? '') === role)
    roles[role] ??= candidates.find(fits[role] ?? (() => true)) ?? candidates[0]
  }
  const find = (test: (name: string) => boolean) => free().find((column) => test(header[column] ?? ''))
  roles.user ??= find(isSessionName)
  if (roles.rating !== undefined || roles.behaviour !== undefined) return
  const verdict = find((name) => VERDICT_NAME.test(plainName(name)))
  if (verdict !== undefined) roles[mostly(cells(verdict), isBoolean) ? 'behaviour' : 'rating'] = verdict
  else roles.rating = find(isWeightName)
}

function isNumber(cell: string): boolean {
  return !Number.isNaN(parseNumber(cell, true))
}

/** Fractions that differ nearly everywhere, such as places on a map: no ids. */
function areMeasures(cells: readonly string[]): boolean {
  return mostly(cells, (cell) => /^[+-]?\d+\.\d*[1-9]\d*$/.test(cell.trim()))
}

function mayRate(column: number, header: readonly string[] | null, item: number | undefined): boolean {
  // Without names, a rating comes after what it rates.
  if (header === null) return item === undefined || column > item
  return !NO_RATING_NAME.test(plainName(header[column] ?? ''))
}

function dropUndefined(roles: Roles): Roles {
  return Object.fromEntries(Object.entries(roles).filter(([, column]) => column !== undefined && column !== NO_COLUMN))
}

function confidenceOf(roles: Roles, named: Roles, chosen: Roles, width: number, rows: readonly (readonly string[])[]): number {
  if (roles.user === undefined || roles.item === undefined) return 0
  if (chosen.user !== undefined && chosen.item !== undefined) return 0.95
  const value = roles.rating !== undefined || roles.behaviour !== undefined
  if (named.user !== undefined && named.item !== undefined) {
    const said = named.rating !== undefined || named.behaviour !== undefined
    return 0.75 + (said ? 0.12 : value ? 0.06 : 0) + (roles.time !== undefined ? 0.05 : 0)
  }
  if (!value && roles.time === undefined) return 0.15
  const crowd = width > 6 ? 0.5 : 1
  const once = areAllDifferent(rows.map((row) => row[roles.user!] ?? '')) && rows.length > 20 ? 0.8 : 1
  const named1 = named.user !== undefined || named.item !== undefined ? 0.15 : 0
  const said = (roles.rating !== undefined ? 0.2 : 0) + (roles.behaviour !== undefined ? 0.25 : 0)
  return (0.25 + named1 + said + (roles.time !== undefined ? 0.15 : 0)) * crowd * once
}

function areAllDifferent(cells: readonly string[]): boolean {
  return new Set(cells).size === cells.length
}

function mostly(cells: readonly string[], fits: (cell: string) => boolean): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '')
  return filled.length > 0 && filled.filter(fits).length >= 0.9 * filled.length
}

function areBehaviours(cells: readonly string[]): boolean {
  // A column of yes and no may say anything: its name must tell.
  return new Set(cells).size <= 30 && mostly(cells, (cell) => usualMeaning(cell) !== null) && !mostly(cells, isBoolean)
}

/** Dates, or numbers that are seconds or milliseconds between 1990 and 2100. */
function areTimes(cells: readonly string[]): boolean {
  const unit = detectTimeUnit(cells)
  if (unit === null) return false
  if (unit === 'iso') return true
  const factor = unit === 'milliseconds' ? 1000 : 1
  return mostly(cells, (cell) => Number(cell) >= 631_152_000 * factor && Number(cell) < 4_102_444_800 * factor)
}

/** Few different, small numbers. */
function areRatings(cells: readonly string[]): boolean {
  const isSmall = (cell: string) => Math.abs(parseNumber(cell, true)) <= 100
  const values = new Set(cells)
  // Nothing but zeros is a column that nobody filled.
  if (cells.length > 1 && values.size === 1 && Number(cells[0]) === 0) return false
  return mostly(cells, isSmall) && (values.size <= 21 || cells.some((cell) => /[.,]/.test(cell)))
}

/**
 * The columns that a person named, by name or number.
 *
 * @throws PalateError INPUT_INVALID for one that is not there
 */
export function chosenRoles(columns: ImportSettings['columns'], header: readonly string[] | null, width: number): Roles {
  const roles: Roles = {}
  for (const role of ROLES) {
    const wanted = columns?.[role]
    if (wanted === '') roles[role] = withoutColumn(role)
    else if (wanted !== undefined) roles[role] = columnOf(wanted, role, header, width)
  }
  return roles
}

function withoutColumn(role: ColumnRole): number {
  if (role !== 'user' && role !== 'item') return NO_COLUMN
  const message = `A table of feedback needs a column for the ${role}. Name one.`
  throw new PalateError('INPUT_INVALID', message, { issues: [{ path: `columns.${role}`, message }] })
}

function columnOf(wanted: string, role: ColumnRole, header: readonly string[] | null, width: number): number {
  const names = header ?? []
  const exact = names.indexOf(wanted)
  if (exact >= 0) return exact
  const alike = names.findIndex((name) => name.trim().toLowerCase() === wanted.trim().toLowerCase())
  if (alike >= 0) return alike
  const number = /^\d{1,5}$/.test(wanted) ? Number(wanted) : 0
  if (number >= 1 && number <= width) return number - 1
  const known = header ? `Its columns are: ${header.join(', ')}.` : `It has ${width} columns and no header: give a number from 1.`
  const message = `There is no column "${wanted}" for the ${role}. ${known}`
  throw new PalateError('INPUT_INVALID', message, { issues: [{ path: `columns.${role}`, message }] })
}
