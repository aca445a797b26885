/** Opens the workspace in argv[2], says how that went, and holds it until its standard input ends. */
import { toErrorRecord } from '../../src-main/contract/errors.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'

const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)

try {
  const workspace = await openWorkspace(process.argv[2]!)
  say({ opened: true, pid: process.pid })
  process.stdin.on('end', () => void workspace.close())
  process.stdin.resume()
} catch (error) {
  say({ opened: false, error: toErrorRecord(error) })
}
