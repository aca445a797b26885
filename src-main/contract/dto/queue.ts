import * as z from 'zod'

/** The queue as it stands. Which runs train is in the runs themselves. */
export const queueState = z.object({
  /** Runs that wait, in the order in which they will start. */
  waiting: z.array(z.int()),
  /** Nothing starts until it is let go again; survives a restart. */
  held: z.boolean(),
  /** Runs that ended before this are cleared from the list of the queue: milliseconds since 1970. */
  clearedAt: z.int(),
})
export type QueueState = z.infer<typeof queueState>

/** One place on, to an end, or before another run that waits; where that one waits no more, nothing moves. */
export const queueMove = z.union([z.enum(['up', 'down', 'first', 'last']), z.object({ before: z.int() })])
export type QueueMove = z.infer<typeof queueMove>
