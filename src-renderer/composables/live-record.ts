import type { LiveView } from '../../src-main/contract/dto/live.ts'

/** What was said of an item in a session. */
export interface SaidItem {
  readonly title: string
  readonly feedback: 'like' | 'dislike' | 'skip' | 'rating'
  /** When it was shown, from 1. */
  readonly rank: number
}

/** One answer of a session, and where it left the mean reward. */
export interface AnswerEntry {
  /** From 1. */
  readonly answer: number
  readonly items: readonly SaidItem[]
  readonly leave: boolean
  /** Mean over all items answered so far; null while there is none. */
  readonly meanReward: number | null
}

/** Cells of CSV text after RFC 4180; the last line needs no end. */
export function csvRows(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[at + 1] === '"') cell += text[++at]!
      else quoted = false
    } else if (char === '"') quoted = true
    else if (char === ',') {
      row.push(cell)
      cell = ''
    } else if (char === '\n') {
      rows.push([...row, cell])
      row = []
      cell = ''
    } else if (char !== '\r') cell += char
  }
  return cell !== '' || row.length > 0 ? [...rows, [...row, cell]] : rows
}

const feedbacks: Readonly<Record<string, SaidItem['feedback']>> = {
  like: 'like',
  dislike: 'dislike',
  skip: 'skip',
  rating: 'rating',
}

/** The answers of a session from the table that it exports: the window shows no other record than the one that is kept. */
export function answersOf(csv: string): AnswerEntry[] {
  const [head = [], ...rows] = csvRows(csv)
  const column = (name: string) => head.indexOf(name)
  const [step, item, title, rank, feedback, reward, leave] = ['step', 'item id', 'title', 'rank', 'feedback', 'reward', 'leave'].map(column) // prettier-ignore
  const entries: AnswerEntry[] = []
  let sum = 0
  let count = 0
  for (const row of rows) {
    const cell = (at: number | undefined) => row[at ?? -1] ?? ''
    const answer = Number(cell(step))
    const said = feedbacks[cell(feedback)]
    if (said) {
      sum += Number(cell(reward))
      count += 1
    }
    const before = entries.at(-1)?.answer === answer ? entries.pop() : undefined
    entries.push({
      answer,
      items: [
        ...(before?.items ?? []),
        ...(said ? [{ title: cell(title) || cell(item), feedback: said, rank: Number(cell(rank)) }] : []),
      ],
      leave: cell(leave) === '1',
      meanReward: count === 0 ? null : sum / count,
    })
  }
  return entries
}

/** The entry of an answer that was just given, from what the engine made of it. */
export function entryOf({ session, figures }: LiveView, items: readonly SaidItem[], leave: boolean): AnswerEntry {
  return { answer: session.answers, items, leave, meanReward: figures.reward }
}
