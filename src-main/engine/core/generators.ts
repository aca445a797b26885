/** Turns a generator to its end at one go. @returns what it returns */
export function drain<T>(source: Generator<unknown, T>): T {
  for (let next = source.next(); ; next = source.next()) if (next.done) return next.value
}

/** The same work, with other words wherever it yields. */
export function* mapYields<From, To, T>(source: Generator<From, T>, map: (yielded: From) => To): Generator<To, T> {
  for (let next = source.next(); ; next = source.next()) {
    if (next.done) return next.value
    yield map(next.value)
  }
}
