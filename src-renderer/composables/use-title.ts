import { computed, ref, watchEffect } from 'vue'

/** How far the work is, in front of every page's title; empty when nothing is under way. */
const ahead = ref('')

/** Keeps the document's title: how far the work is, what this page shows, then the program. */
export function useTitle(title: () => string | undefined): void {
  watchEffect(() => {
    const own = title()
    document.title = `${ahead.value}${own ? `${own} · Palate` : 'Palate'}`
  })
}

/** For the window itself: tells every title how far the work is. */
export function useTitleProgress(share: () => number | null): void {
  const percent = computed(() => {
    const known = share()
    return known === null ? '' : `${Math.floor(known * 100)} % · `
  })
  watchEffect(() => (ahead.value = percent.value))
}
