import type { Router } from 'vue-router'

const storageKey = 'palate.last-page'

/** A window that is opened without an address shows the page that it showed last. */
export function rememberLastPage(router: Router): void {
  const opened = location.hash === '' || location.hash === '#/' ? read() : undefined
  router.afterEach((to) => {
    try {
      localStorage.setItem(storageKey, to.fullPath)
    } catch {
      // Without storage every window begins at Start.
    }
  })
  if (opened && router.resolve(opened).name !== 'missing') void router.replace(opened)
}

function read(): string | undefined {
  try {
    return localStorage.getItem(storageKey) ?? undefined
  } catch {
    return undefined
  }
}
