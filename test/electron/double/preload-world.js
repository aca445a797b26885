/* global document, CustomEvent, MessageChannel, toDriver -- the last is a binding that driver.ts adds to this world */
// Runs in the isolated world of every document. Gives the built preload what a sandboxed one has and nothing more.
globalThis.startPreload = (runPreload, sandboxed) => {
  const ports = new Map()
  const listeners = new Map()
  const api = new Map()
  const send = (message) => toDriver(JSON.stringify(message))

  globalThis.fromDriver = (message) => {
    if (message.kind === 'port-data') return ports.get(message.id)?.postMessage(message.data)
    if (message.kind === 'port-close') return ports.get(message.id)?.close()
    const given = message.ports.map((id) => {
      const { port1, port2 } = new MessageChannel()
      ports.set(id, port1)
      port1.onmessage = ({ data }) => send({ kind: 'port-data', id, data })
      return port2
    })
    for (const listener of listeners.get(message.channel) ?? []) listener({ ports: given }, ...message.args)
  }
  document.addEventListener('double:call', ({ detail }) => {
    const { key, name, args } = JSON.parse(detail)
    const result = api.get(key)[name](...args)
    document.dispatchEvent(new CustomEvent('double:result', { detail: JSON.stringify(result ?? null) }))
  })

  const electron = {
    contextBridge: {
      exposeInMainWorld: (key, value) => {
        api.set(key, value)
        const members = Object.entries(value).map(([name, member]) => [
          name,
          typeof member,
          typeof member === 'function' ? null : member,
        ])
        document.dispatchEvent(new CustomEvent('double:expose', { detail: JSON.stringify({ key, members }) }))
      },
    },
    ipcRenderer: {
      on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
      send: (channel, ...args) => send({ kind: 'send', channel, args }),
      invoke: () => undefined,
    },
    webUtils: {
      getPathForFile: () => {
        throw new TypeError('not a File')
      },
    },
  }
  const require = (name) => {
    if (name === 'electron') return electron
    if (sandboxed) throw new Error(`module not found: ${name}`)
    return {}
  }
  const process = { platform: 'linux', contextIsolated: true, sandboxed }
  const module = { exports: {} }
  runPreload(require, process, module, module.exports)
}
