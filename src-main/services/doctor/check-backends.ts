import type { DoctorCheck } from '../../contract/dto/system.ts'
import { backends, type ComputeBackend } from '../compute/backends.ts'
import type { ComputeService } from '../compute/compute-service.ts'

type Finding = Omit<DoctorCheck, 'id' | 'title'>

/** Each in a process of its own: a backend that crashes, hangs or claims the GPU must not do so here. */
export type BackendProbes = Pick<ComputeService, 'probe' | 'selfTest'>

const takeAnother = 'Choose another one, for instance in the settings.'

/** What "auto" is on this machine, and why. */
export async function checkChoice(compute: BackendProbes): Promise<Finding> {
  const found = await compute.probe('auto')
  if (found.kind === 'usable') {
    const { executor, explanation } = found.compute
    return { outcome: 'ok', finding: `"auto" is "${executor}" here: ${explanation}.`, advice: '' }
  }
  return { outcome: 'failed', finding: `Nothing can compute here: ${found.reason}.`, advice: 'Please report it with this text.' }
}

/** Opens a backend and compares what it computes with numbers that are known to be right. */
export async function checkBackend(compute: BackendProbes, name: ComputeBackend): Promise<Finding> {
  const found = await compute.selfTest(name)
  switch (found.kind) {
    case 'usable': {
      const { device } = found.compute
      if (found.problems.length === 0) {
        return { outcome: 'ok', finding: `"${name}" is usable (${device}): its values and gradients are right.`, advice: '' }
      }
      return {
        outcome: 'failed',
        finding: `"${name}" opens (${device}), but computes wrongly: ${found.problems.join('; ')}.`,
        advice: `Do not train with it. ${takeAnother} Please report it with this text.`,
      }
    }
    case 'unavailable': {
      const expected = name === 'kernels' || name === 'plain'
      return {
        outcome: expected ? 'warning' : 'not-run',
        finding: `"${name}" is not usable here: ${found.reason}. It needs ${backends[name].needs}.`,
        advice: found.advice || takeAnother,
      }
    }
    case 'broken':
      return {
        outcome: 'failed',
        finding: `"${name}" is not usable here: ${found.reason}.`,
        advice: `It needs ${backends[name].needs}. ${takeAnother}`,
      }
  }
}
