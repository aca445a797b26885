import type { SketchedTable } from '../core/sketch.ts'

/** What a matrix factorisation learns. @param biased with the mean, and a bias for each user and item */
export function factorTables(users: number, items: number, size: number, biased: boolean): SketchedTable[] {
  const vectors = [
    { title: 'User vectors', shape: [users, size] },
    { title: 'Item vectors', shape: [items, size] },
  ]
  if (!biased) return vectors
  return [
    { title: 'Mean rating', shape: [] },
    { title: 'User biases', shape: [users] },
    { title: 'Item biases', shape: [items] },
    ...vectors,
  ]
}
