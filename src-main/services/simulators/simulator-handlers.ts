import { simulatorDescriptor, type SimulatorReport } from '../../contract/dto/simulator.ts'
import { PalateError } from '../../contract/errors.ts'
import { parseParams } from '../../contract/params.ts'
import onlineSimulated from '../../engine/evaluation/protocols/online-simulated.ts'
import { simulators } from '../../engine/simulation/catalogue.gen.ts'
import { reportSimulator } from '../../engine/training/simulator-report.ts'
import { splitTables } from '../../engine/training/split-tables.ts'
import type { Handlers } from '../handlers.ts'
import { inTurns } from '../in-turns.ts'
import type { Workspace } from '../workspace.ts'

/** @param closing ends reports at work when the services close */
export function createSimulatorHandlers(workspace: Workspace, closing: AbortSignal): Handlers['simulators'] {
  return {
    list: () => Promise.resolve(simulators.map((simulator) => simulatorDescriptor.parse(simulator))),
    async report({ dataset, split, seed, settings: given }, { signal }) {
      const parsed = parseParams(onlineSimulated.params!, given)
      if (!parsed.ok) {
        const message = `The simulator cannot be set so. ${parsed.issues.map((issue) => issue.message).join(' ')}`
        throw new PalateError('PARAMS_INVALID', message, { issues: parsed.issues })
      }
      const settings = parsed.values
      const { id, name } = await workspace.repositories.datasets.get(dataset)
      const tables = splitTables(await workspace.loadInteractions(id), split, seed)
      const stop = signal ? AbortSignal.any([signal, closing]) : closing
      const figures = await inTurns(reportSimulator(tables, settings, seed), 'simulator report', stop)
      const report: SimulatorReport = {
        simulator: String(settings['simulator']),
        datasetName: name,
        split: tables.text,
        settings,
        ...figures,
      }
      return report
    },
  }
}
