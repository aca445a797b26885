import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import {
  maxRunNotes,
  metricSeries,
  resultRowWithInterval,
  runDetail,
  runEvent,
  runSummary,
  runTag,
  startRunsInput,
} from '../dto/run.ts'
import { runLog } from '../dto/run-log.ts'
import {
  againstBaseline,
  againstBaselineInput,
  figureColumn,
  figureName,
  manyRuns,
  runSettings,
  runTableView,
} from '../dto/run-table.ts'
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
  /** For good; see `hide` for a removal that can be taken back. */
  remove: procedure.input(runRef).output(z.object({ removed: z.boolean() })),
  /**
   * Removes runs so that `restore` can bring them back: hidden at once, gone for good when the workspace is opened `keptDays`
   * later. Runs that train or wait are left alone, and so is what is not there any more.
   */
  hide: procedure.input(z.object({ runIds: manyRuns })).output(z.object({ hidden: z.array(z.int()), keptDays: z.number() })),
  /** Brings hidden runs back; what is gone for good stays so, and it fails when that is all of them. */
  restore: procedure.input(z.object({ runIds: manyRuns })).output(z.object({ restored: z.array(z.int()) })),
  /** What can be brought back, the last removed first. */
  removed: procedure.output(z.array(z.object({ id: z.int(), name: z.string(), seed: z.int(), removedAt: z.int() }))),
  /**
   * Tags, notes and archive of many runs at once. Runs that are not there any more are passed over; it fails when that is all
   * of them.
   */
  label: procedure
    .input(
      z.object({
        runIds: manyRuns,
        addTags: z.array(runTag).max(50).optional(),
        removeTags: z.array(z.string()).max(1000).optional(),
        /** Replaces the notes, or goes on a new line after them. */
        comment: z.object({ text: z.string().max(maxRunNotes), append: z.boolean().default(false) }).optional(),
        archived: z.boolean().optional(),
      }),
    )
    .output(z.object({ labelled: z.array(z.int()) })),
  rename: procedure.input(runRef.extend({ name: z.string().trim().min(1).max(200) })).output(runSummary),
  /**
   * Curves of a run, or of its updates `from` to `to` (both included). More than `maxPoints` per curve are reduced: of very many
   * the extremes of each span stay, of these the points chosen by largest-triangle-three-buckets.
   */
  metrics: procedure
    .input(
      runRef.extend({
        names: z.array(z.string().max(500)).max(500).optional(),
        from: z.int().min(0).optional(),
        to: z.int().min(0).optional(),
        maxPoints: z.int().min(3).max(100_000).default(2000),
      }),
    )
    .output(z.array(metricSeries)),
  /** Every figure that any run's own model has. */
  figureNames: procedure.output(z.array(figureName)),
  /** Some figures of all runs, or of those named: a column for each figure, in their order. */
  figures: procedure
    .input(z.object({ figures: z.array(figureName).max(60), runIds: manyRuns.optional() }))
    .output(z.array(figureColumn)),
  /** Parameters and executors of all runs, or of those named. */
  settings: procedure.input(z.object({ runIds: manyRuns.optional() })).output(runSettings),
  /** Null: never set. */
  tableView: procedure.output(runTableView.nullable()),
  setTableView: procedure.input(runTableView).output(runTableView),
  /** Tests lines of the table against the baseline by the paired bootstrap over users, corrected after Holm as one family. */
  againstBaseline: procedure.input(againstBaselineInput).output(z.array(againstBaseline)),
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
  /**
   * Everything that changes, from now on: states, progress, points, results. Ends when the subscriber leaves. With `together`, news of
   * several runs that wait for a slow subscriber come as one.
   */
  watch: procedure
    .input(z.object({ runId: z.int().optional(), together: z.boolean().optional() }))
    .output(eventIterator(runEvent)),
  /** The table of all runs (or those named) as CSV text, in chunks: every column, or those named by their heads, in that order. */
  exportTable: procedure
    .input(
      z.object({
        runIds: z.array(z.int()).optional(),
        columns: z.array(z.string().max(300)).min(1).max(500).optional(),
      }),
    )
    .output(eventIterator(z.string())),
  /** One run's complete metric history, recommendations, per-user metrics or events as CSV text, in chunks. */
  exportRun: procedure.input(runRef.extend({ what: exportKind })).output(eventIterator(z.string())),
}
