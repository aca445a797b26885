import { existsSync, readFileSync } from 'node:fs'

/** Whether process `pid` still runs. One that has ended and waits for its parent to notice does not count, where that can be told. */
export function isRunning(pid: number): boolean {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      // The state stands behind the name, which is in brackets and may hold anything.
      return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
    } catch {
      return false
    }
  }
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
