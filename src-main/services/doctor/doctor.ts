import type { DoctorCheck } from '../../contract/dto/system.ts'
import { backendNames, backends } from '../compute/backends.ts'
import type { Workspace } from '../workspace.ts'
import { checkBackend, checkChoice, type BackendProbes } from './check-backends.ts'
import { checkCpus, checkDisk, checkElectron, checkNode, checkSqlite, checkWorkspace } from './checks.ts'

type Finding = Omit<DoctorCheck, 'id' | 'title'>
type Check = [id: string, title: string, check: () => Finding | Promise<Finding>]

/** Everything that Palate needs of its surroundings: what is usable, what is not, why, and what to do. */
export async function runDoctor(workspace: Workspace, compute: BackendProbes): Promise<DoctorCheck[]> {
  const checks: Check[] = [
    ['node', 'Node', checkNode],
    ['cpus', 'CPUs and memory', checkCpus],
    ['sqlite', 'SQLite', () => checkSqlite(workspace)],
    ['workspace', 'Workspace', () => checkWorkspace(workspace)],
    ['disk', 'Disk space', () => checkDisk(workspace)],
    ['compute', 'What computes', () => checkChoice(compute)],
    ...backendNames.map((name): Check => [`backend-${name}`, backends[name].title, () => checkBackend(compute, name)]),
    ['electron', 'Electron', checkElectron],
  ]
  const findings: DoctorCheck[] = []
  for (const [id, title, check] of checks) findings.push({ id, title, ...(await finding(check)) })
  return findings
}

/** A check that breaks has found something, too. */
async function finding(check: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await check()
  } catch (error) {
    return {
      outcome: 'failed',
      finding: `The check itself failed: ${error instanceof Error ? error.message : String(error)}.`,
      advice: 'Please report it with this text.',
    }
  }
}
