import type { Router } from 'vue-router'

const storageKey = 'palate.last-page'
/** Asked at once: the router writes an address where there was none. */
const openedWithoutAddress = location.hash === ''

/** A window that is opened without an address shows the page that it showed last. */
export function rememberLastPage(router: Router): void {
  let last = openedWithoutAddress ? read() : undefined
  router.beforeEach((to) => {
    const opened = last
    last = undefined
    return opened !== undefined && opened !== to.fullPath && router.resolve(opened).name !== 'missing' ? opened : true
  })
  router.afterEach((to) => {
    try {
      localStorage.setItem(storageKey, to.fullPath)
    } catch {
      // Without storage every window begins at Start.
    }
  })
}

function read(): string | undefined {
  try {
    return localStorage.getItem(storageKey) ?? undefined
  } catch {
    return undefined
  }
}
