import { watchEffect } from 'vue'

/** Keeps the document's title: what this page shows, then the program. */
export function useTitle(title: () => string | undefined): void {
  watchEffect(() => {
    const own = title()
    document.title = own ? `${own} · Palate` : 'Palate'
  })
}
