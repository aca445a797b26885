import { PalateError } from '../../../src-main/contract/errors.ts'
import type { RunEvent } from '../../../src-main/contract/dto/run.ts'
import type { AgainstBaseline, FigureName } from '../../../src-main/contract/dto/run-table.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import { tagsAfter } from '../../../src-main/storage/repositories/run-labels.ts'
import type { FakeRun, World } from './world.ts'

type RunTableCalls =
  | 'label'
  | 'hide'
  | 'restore'
  | 'removed'
  | 'figureNames'
  | 'figures'
  | 'settings'
  | 'tableView'
  | 'setTableView'
  | 'againstBaseline'

/** What the table of runs asks beside the list itself. */
export function fakeRunTable(world: World, tell: (event: RunEvent) => void): Pick<Handlers['runs'], RunTableCalls> {
  const present = (runIds: readonly number[] | undefined): FakeRun[] =>
    runIds ? runIds.flatMap((id) => world.runs.get(id) ?? []) : [...world.runs.values()]
  const gone = (runId: number) =>
    new PalateError('RUN_NOT_FOUND', `There is no run ${runId}. It may have been deleted.`, { run: String(runId) })
  const valueOf = (run: FakeRun, { protocol, subset, k, metric }: FigureName) =>
    run.rows.find(
      (row) =>
        row.model === run.detail.modelId &&
        row.protocol === protocol &&
        row.subset === subset &&
        row.k === k &&
        row.metric === metric,
    )?.value
  return {
    label: ({ runIds, addTags = [], removeTags = [], comment, archived }) => {
      const found = present(runIds)
      if (found.length === 0) return Promise.reject(gone(runIds[0]!))
      for (const { detail } of found) {
        detail.tags = tagsAfter(detail.tags, addTags, removeTags)
        if (comment) detail.comment = comment.append && detail.comment ? `${detail.comment}\n${comment.text}` : comment.text
        if (archived !== undefined) detail.archived = archived
      }
      tell({ kind: 'many', runs: found.map(({ detail }) => ({ ...detail })), removed: [] })
      return Promise.resolve({ labelled: found.map(({ detail }) => detail.id) })
    },
    hide: ({ runIds }) => {
      const found = present(runIds).filter(({ detail }) => detail.state !== 'queued' && detail.state !== 'running')
      for (const run of found) {
        world.runs.delete(run.detail.id)
        world.removedRuns.set(run.detail.id, run)
      }
      const hidden = found.map(({ detail }) => detail.id)
      tell({ kind: 'many', runs: [], removed: hidden })
      return Promise.resolve({ hidden, keptDays: 3 })
    },
    restore: ({ runIds }) => {
      const found = runIds.flatMap((id) => world.removedRuns.get(id) ?? [])
      if (found.length === 0) return Promise.reject(gone(runIds[0]!))
      for (const run of found) {
        world.removedRuns.delete(run.detail.id)
        world.runs.set(run.detail.id, run)
      }
      tell({ kind: 'many', runs: found.map(({ detail }) => ({ ...detail })), removed: [] })
      return Promise.resolve({ restored: found.map(({ detail }) => detail.id) })
    },
    removed: () =>
      Promise.resolve(
        [...world.removedRuns.values()].map(({ detail: { id, name, seed, createdAt } }) => ({
          id,
          name,
          seed,
          removedAt: createdAt,
        })),
      ),
    figureNames: () => {
      const names = new Map<string, FigureName>()
      for (const run of world.runs.values())
        for (const { protocol, subset, k, metric, model } of run.rows)
          if (model === run.detail.modelId) names.set(`${protocol} ${subset} ${k} ${metric}`, { protocol, subset, k, metric })
      return Promise.resolve([...names.values()])
    },
    figures: ({ figures, runIds }) =>
      Promise.resolve(
        figures.map((figure) => {
          const runs = present(runIds).filter((run) => valueOf(run, figure) !== undefined)
          return { runIds: runs.map(({ detail }) => detail.id), values: runs.map((run) => valueOf(run, figure)!) }
        }),
      ),
    settings: ({ runIds }) => {
      const runs = present(runIds)
      const texts = [...new Set(runs.map(({ detail }) => JSON.stringify(detail.params)))]
      return Promise.resolve({
        configurations: texts.map((text, id) => ({ id, params: JSON.parse(text) as FakeRun['detail']['params'] })),
        runs: runs.map(({ detail }) => ({
          id: detail.id,
          configuration: texts.indexOf(JSON.stringify(detail.params)),
          executor: detail.executor,
        })),
      })
    },
    tableView: () => Promise.resolve(world.tableView),
    setTableView: (view) => Promise.resolve((world.tableView = view)),
    againstBaseline: ({ baseline, lines, figure }) =>
      Promise.resolve(
        lines.map(({ key, runIds }): AgainstBaseline => {
          const mean = (ids: readonly number[]) => {
            const values = present(ids).flatMap((run) => valueOf(run, figure) ?? [])
            return values.reduce((sum, value) => sum + value, 0) / values.length
          }
          if (runIds.some((id) => baseline.includes(id))) return { kind: 'untested', key, reason: 'It is the baseline itself.' }
          const difference = mean(runIds) - mean(baseline)
          if (Number.isNaN(difference)) return { kind: 'untested', key, reason: 'No user has this figure in both.' }
          const apart = Math.abs(difference) > 0.005
          const verdict = !apart ? ('not distinguishable' as const) : difference > 0 ? ('higher' as const) : ('lower' as const)
          const range = { low: difference - 0.005, high: difference + 0.005, users: 122, trials: 1 }
          return { kind: 'tested', key, difference, ...range, correctedP: apart ? 0.002 : 0.61, verdict }
        }),
      ),
  }
}
