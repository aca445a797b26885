export interface ToldTogether<T> {
  /** Takes the place of an earlier one of the same number that has not been told yet. */
  add(id: number, news: T): void
  /** What has become old before it was told. */
  drop(id: number): void
  clear(): void
}

/**
 * Keeps news of many things for a moment and tells them together, the latest of each: page and charts are made anew once, not for
 * every one of them.
 */
export function toldTogether<T>(pauseMs: number, tell: (news: ReadonlyMap<number, T>) => void): ToldTogether<T> {
  const waiting = new Map<number, T>()
  let timer: ReturnType<typeof setTimeout> | undefined
  function tellAll() {
    timer = undefined
    const news = new Map(waiting)
    waiting.clear()
    if (news.size > 0) tell(news)
  }
  return {
    add(id, news) {
      waiting.set(id, news)
      timer ??= setTimeout(tellAll, pauseMs)
    },
    drop: (id) => void waiting.delete(id),
    clear: () => waiting.clear(),
  }
}
