/** @returns a function that does `make` the first time and gives the same promise after that; a failure is forgotten */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let held: Promise<T> | undefined
  return () => {
    if (held) return held
    const mine = make()
    held = mine
    mine.catch(() => {
      if (held === mine) held = undefined
    })
    return mine
  }
}

/** The same per key; the keys used last are kept. */
export function onceEach<K, T>(keep: number, make: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const held = new Map<K, () => Promise<T>>()
  return (key) => {
    const get = held.get(key) ?? once(() => make(key))
    held.delete(key)
    held.set(key, get)
    if (held.size > keep) held.delete(held.keys().next().value!)
    return get()
  }
}
