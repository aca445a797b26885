import type { DoctorCheck } from '../../contract/dto/system.ts'
import type { Workspace } from '../workspace.ts'
import {
  checkCpus,
  checkDisk,
  checkElectron,
  checkExecutor,
  checkNode,
  checkSqlite,
  checkTensorflowGpu,
  checkWorkspace,
} from './checks.ts'

type Finding = Omit<DoctorCheck, 'id' | 'title'>

/** Everything that Palate needs of its surroundings: what is usable, what is not, why, and what to do. */
export async function runDoctor(workspace: Workspace, executor: string): Promise<DoctorCheck[]> {
  const checks: [string, string, () => Finding | Promise<Finding>][] = [
    ['node', 'Node', checkNode],
    ['cpus', 'CPUs and memory', checkCpus],
    ['sqlite', 'SQLite', () => checkSqlite(workspace)],
    ['workspace', 'Workspace', () => checkWorkspace(workspace)],
    ['disk', 'Disk space', () => checkDisk(workspace)],
    ['executor', 'Executor', () => checkExecutor(executor)],
    ['electron', 'Electron', checkElectron],
    ['tensorflow-gpu', 'TensorFlow.js on CUDA', checkTensorflowGpu],
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
