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

export const queueMove = z.enum(['up', 'down', 'first', 'last'])
export type QueueMove = z.infer<typeof queueMove>
