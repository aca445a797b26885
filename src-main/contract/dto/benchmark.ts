import * as z from 'zod'
import { errorRecord } from '../errors.ts'
import { verdict } from './evaluation.ts'

/** Which users a figure is of; "full-length": those with at least k candidates. */
const subset = z.enum(['all', 'full-length'])

/** A figure that every row of a benchmark has. Of two columns with the same metric and k the first is the one papers print. */
export const benchmarkColumn = z.object({
  /** `<metric>@<k>.<protocol>.<subset>`; unique in a benchmark. */
  id: z.string(),
  /** For a table's head, for instance "NDCG@20, full-length". */
  title: z.string(),
  metric: z.string(),
  k: z.int(),
  protocol: z.string(),
  subset,
  /** Why figures of this column must not be compared with published ones as they stand; shown as a badge. */
  caution: z.string().optional(),
})
export type BenchmarkColumn = z.infer<typeof benchmarkColumn>

export const benchmarkRole = z.enum(['policy', 'static', 'floor', 'ceiling', 'published'])
export type BenchmarkRole = z.infer<typeof benchmarkRole>

/** One line of a benchmark: a model in one of its presets, or a line of the paper that nothing here can fill. */
export const benchmarkRowPlan = z.object({
  /** For instance "mdrr-att/palate": what `rows` of `start` names. A name without a preset means all presets of the model. */
  id: z.string(),
  title: z.string(),
  /** null: only the paper has it. */
  model: z.string().nullable(),
  preset: z.string().nullable(),
  role: benchmarkRole,
  /** Why it cannot be filled here, for instance because the model is not in the catalogue; null where it can. */
  unavailable: z.string().nullable(),
})
export type BenchmarkRowPlan = z.infer<typeof benchmarkRowPlan>

/** A table of a paper, beside which ours stands. Never a pass mark. */
export const citation = z.object({
  /** Authors, title, journal, year. */
  paper: z.string(),
  /** "Table 2". */
  table: z.string(),
  /** As the journal numbers it; null where the copy at hand has none. */
  page: z.string().nullable(),
  /** How the published figures were made, and why they may not be comparable; null where the protocol is ours. */
  caution: z.string().nullable(),
})
export type Citation = z.infer<typeof citation>

/** A data set that a benchmark is about, and the data sets of this workspace that are it. */
export const benchmarkData = z.object({
  /** "ml-100k": the key of the published values. */
  id: z.string(),
  title: z.string(),
  /** Data sets of this workspace that hold it. */
  datasets: z.array(z.object({ id: z.int(), name: z.string() })),
})

export const benchmarkState = z.enum(['running', 'interrupted', 'cancelled', 'out-of-time', 'finished'])
export type BenchmarkState = z.infer<typeof benchmarkState>

/** A benchmark of this workspace: a recipe on a data set. There is one for each pair of these; starting it again goes on with it. */
export const benchmarkSummary = z.object({
  id: z.int(),
  recipe: z.string(),
  title: z.string(),
  datasetId: z.int(),
  datasetName: z.string(),
  seeds: z.array(z.int()),
  state: benchmarkState,
  /** Of the cells that can be filled. */
  cellsDone: z.int(),
  cellsFailed: z.int(),
  cellsTotal: z.int(),
  createdAt: z.int(),
  updatedAt: z.int(),
})
export type BenchmarkSummary = z.infer<typeof benchmarkSummary>

/** What can be run. */
export const benchmarkRecipe = z.object({
  id: z.string(),
  title: z.string(),
  doc: z.string(),
  citations: z.array(citation),
  data: z.array(benchmarkData),
  split: z.string(),
  protocols: z.array(z.string()),
  columns: z.array(benchmarkColumn),
  rows: z.array(benchmarkRowPlan),
  defaultSeeds: z.int(),
  /** What a reader must know before it starts: protocols that are not in the catalogue and the like. */
  remarks: z.array(z.string()),
  /** Those of this workspace, newest first. */
  started: z.array(benchmarkSummary),
})
export type BenchmarkRecipe = z.infer<typeof benchmarkRecipe>

/** A row for one seed: an ordinary run. */
export const benchmarkCell = z.object({
  row: z.string(),
  seed: z.int(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'paused', 'unavailable']),
  /** null until it was started. */
  runId: z.int().nullable(),
  /** 0..1 */
  share: z.number(),
  /** What its run is at: "embedding", "training", "evaluating" … */
  stage: z.string(),
  /** Time of training and evaluation, without pauses; null until it has ended. */
  durationMs: z.number().nullable(),
  error: errorRecord.nullable(),
})
export type BenchmarkCell = z.infer<typeof benchmarkCell>

export const benchmarkProgress = benchmarkSummary.extend({
  /** Rows in the order of the table. */
  rows: z.array(benchmarkRowPlan),
  /** By row, then seed. */
  cells: z.array(benchmarkCell),
  /** When it is to begin no further cell; null: no limit, or not at work. Milliseconds since 1970. */
  deadline: z.int().nullable(),
  /** From the cells done so far; null until there is one. */
  remainingMs: z.number().nullable(),
})
export type BenchmarkProgress = z.infer<typeof benchmarkProgress>

export const benchmarkFigure = z.object({
  /** What the paper prints for this row; null where it prints nothing. */
  published: z.number().nullable(),
  /** Mean over seeds and users; null until a cell of the row is done, or where nobody has a value. */
  mean: z.number().nullable(),
  /** 95 % bootstrap interval over seeds and users; null below two users. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  users: z.int(),
  /** Cells that it is the mean of. */
  seeds: z.int(),
})
export type BenchmarkFigure = z.infer<typeof benchmarkFigure>

export const benchmarkRow = benchmarkRowPlan.extend({
  state: z.enum(['waiting', 'running', 'partly', 'done', 'failed', 'unavailable']),
  /** The error of the first cell that failed, in words. */
  error: z.string().nullable(),
  /** One for each column, in their order. */
  figures: z.array(benchmarkFigure),
})
export type BenchmarkRow = z.infer<typeof benchmarkRow>

/** One paired test. `claim` tells what it speaks for; tests of one claim are corrected together after Holm. */
export const benchmarkTest = z.object({
  claim: z.enum(['tuned-mf', 'sequential', 'ablation']),
  /** Row ids; for "sequential" twice the same, under two protocols. */
  a: z.string(),
  b: z.string(),
  aProtocol: z.string(),
  bProtocol: z.string(),
  metric: z.string(),
  k: z.int(),
  subset,
  /** Mean of a minus mean of b over the seeds and users that both have. */
  difference: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  users: z.int(),
  seeds: z.int(),
  p: z.number().nullable(),
  correctedP: z.number().nullable(),
  verdict,
})
export type BenchmarkTest = z.infer<typeof benchmarkTest>

/** What is claimed, for a heading above its tests. */
export const benchmarkClaim = z.object({ claim: benchmarkTest.shape.claim, title: z.string(), doc: z.string() })
export type BenchmarkClaim = z.infer<typeof benchmarkClaim>

export const benchmarkResult = z.object({
  benchmark: benchmarkSummary,
  citations: z.array(citation),
  columns: z.array(benchmarkColumn),
  rows: z.array(benchmarkRow),
  claims: z.array(benchmarkClaim),
  tests: z.array(benchmarkTest),
  /** What a reader must know beside the figures. */
  remarks: z.array(z.string()),
})
export type BenchmarkResult = z.infer<typeof benchmarkResult>

export const benchmarkExportFormat = z.enum(['csv', 'json', 'markdown', 'latex', 'text'])
export type BenchmarkExportFormat = z.infer<typeof benchmarkExportFormat>
