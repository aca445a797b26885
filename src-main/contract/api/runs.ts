import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { metricSeries, resultRowWithInterval, runDetail, runEvent, runSummary, startRunsInput } from '../dto/run.ts'
import { runLog } from '../dto/run-log.ts'
import { computeChoice } from '../dto/system.ts'
import { procedure } from './base.ts'

const runRef = z.object({ runId: z.int() })

export const exportKind = z.enum(['metrics', 'recommendations', 'users', 'events'])
export type ExportKind = z.infer<typeof exportKind>

export const runsApi = {
  list: procedure.output(z.array(runSummary)),
  get: procedure.input(runRef).output(runDetail),
  /** Queues one run per seed. Everything is validated before anything is stored. */
  start: procedure.input(startRunsInput).output(z.array(runSummary)),
  pause: procedure.input(runRef).output(runSummary),
  /**
   * Continues a paused, interrupted or stopped run from its last checkpoint, on the executor that it began with: another one
   * rounds differently. With `backend` it goes on on that one, which is noted.
   */
  resume: procedure.input(runRef.extend(computeChoice)).output(runSummary),
  /** Ends training early; the run is then evaluated as it stands. A queued run is taken off the queue. */
  stop: procedure.input(runRef).output(runSummary),
  /**
   * Queues a new run with the configuration of one that ended without its result: failed, diverged, interrupted or stopped.
   * From the beginning, beside the old one, which stays; `resume` goes on from a checkpoint instead.
   */
  retry: procedure.input(runRef).output(runSummary),
  remove: procedure.input(runRef).output(z.object({ removed: z.boolean() })),
  rename: procedure.input(runRef.extend({ name: z.string().trim().min(1).max(200) })).output(runSummary),
  /** Curves of a run; more than `maxPoints` per curve are reduced by largest-triangle-three-buckets. */
  metrics: procedure
    .input(runRef.extend({ names: z.array(z.string()).optional(), maxPoints: z.int().min(3).max(100_000).default(2000) }))
    .output(z.array(metricSeries)),
  /** The run's rows and the floor and ceiling rows of its split, with intervals. */
  results: procedure.input(runRef).output(z.array(resultRowWithInterval)),
  /** What happened to a run, event by event, and what its processes took. */
  log: procedure.input(runRef).output(runLog),
  /** Scores a trained run again, under other protocols or list lengths, without training; on the run's executor by default. */
  evaluate: procedure
    .input(
      runRef.extend({
        protocols: z.array(z.string()).min(1),
        ks: z.array(z.int().min(1).max(10000)).min(1),
        ...computeChoice,
      }),
    )
    .output(z.array(resultRowWithInterval)),
  /** Everything that changes, from now on: states, progress, points, results. Ends when the subscriber leaves. */
  watch: procedure.input(z.object({ runId: z.int().optional() })).output(eventIterator(runEvent)),
  /** The table of all runs (or those named) as CSV text, in chunks. */
  exportTable: procedure.input(z.object({ runIds: z.array(z.int()).optional() })).output(eventIterator(z.string())),
  /** One run's complete metric history, recommendations, per-user metrics or events as CSV text, in chunks. */
  exportRun: procedure.input(runRef.extend({ what: exportKind })).output(eventIterator(z.string())),
}
