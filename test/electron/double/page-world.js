/* global document, window, CustomEvent */
// Runs in the page's own world before its scripts: turns what the preload exposes into objects of this world, as Electron's
// contextBridge does.
;(() => {
  document.addEventListener('double:expose', ({ detail }) => {
    const { key, members } = JSON.parse(detail)
    const object = {}
    for (const [name, type, value] of members) object[name] = type === 'function' ? call(key, name) : value
    Object.defineProperty(window, key, { value: Object.freeze(object), enumerable: true })
  })
  const call =
    (key, name) =>
    (...args) => {
      let result
      document.addEventListener('double:result', ({ detail }) => (result = JSON.parse(detail)), { once: true })
      document.dispatchEvent(new CustomEvent('double:call', { detail: JSON.stringify({ key, name, args }) }))
      return result
    }
})()
