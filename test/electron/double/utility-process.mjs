/** The start of the engine's thread: what Electron puts in place before it loads the entry of a utility process. */
import { parentPort, workerData } from 'node:worker_threads'
import { PortMain } from './electron.ts'

process.parentPort = {
  postMessage: (data) => parentPort.postMessage(data),
  on: (event, listener) => {
    if (event === 'message') {
      parentPort.on('message', ({ data, ports }) => listener({ data, ports: ports.map((port) => new PortMain(port)) }))
    }
  },
}
await import(workerData.entry)
