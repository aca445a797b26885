import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import { PalateError } from '../../contract/errors.ts'
import { createClient, type PalateClient } from '../../contract/rpc-client.ts'
import { portFromWebSocket } from '../../contract/rpc-port.ts'
import { entryPath } from '../entries.ts'

/** A lab in a process of its own, as a browser would reach it. */
export interface ServedLab {
  /** An address that opens one session in a browser. */
  readonly url: string
  /** Over a WebSocket. */
  connect(): Promise<PalateClient>
  close(): Promise<void>
}

/**
 * Starts `palate serve` on a free port of this machine.
 *
 * @throws PalateError ENGINE_UNREACHABLE with what it said, when it ends before it serves, for instance on a workspace in use
 */
export async function serveLab(workspace: string): Promise<ServedLab> {
  const command = [entryPath('cli'), '--json', '--workspace', workspace, 'serve', '--port', '0']
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
  const ended = once(child, 'exit')
  const printed = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>
  const line = await Promise.race([printed.then(([first]) => first), ended.then(() => null)])
  if (line === null) {
    const reason = said.trim() || 'it ended without a word.'
    throw new PalateError('ENGINE_UNREACHABLE', `The lab could not be started: ${reason} Try "palate serve" by hand.`, { reason })
  }
  const { url } = JSON.parse(line) as { url: string }
  const sockets: WebSocket[] = []
  return {
    url,
    connect: async () => {
      const answer = await fetch(url, { redirect: 'manual' })
      const { origin, host } = new URL(url)
      const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
      const socket = new WebSocket(`ws://${host}/rpc`, { headers: { cookie, origin } })
      sockets.push(socket)
      await once(socket, 'open')
      return createClient(portFromWebSocket(socket as unknown as Parameters<typeof portFromWebSocket>[0]))
    },
    close: async () => {
      for (const socket of sockets) socket.terminate()
      child.kill('SIGTERM')
      await ended
    },
  }
}
