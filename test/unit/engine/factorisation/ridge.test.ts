import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { solvePositiveDefinite } from '../../../../src-main/engine/core/linear-algebra.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { addGram, RidgeSolver } from '../../../../src-main/engine/factorisation/ridge.ts'

interface Problem {
  readonly ridge: Float64Array
  readonly rows: readonly Float64Array[]
  readonly targets: readonly number[]
}

function problemOf(unknowns: number, rows: number, seed: number): Problem {
  const rng = Rng.stream(seed, 'problem')
  return {
    ridge: Float64Array.from({ length: unknowns }, () => 0.5 + rng.uniform()),
    rows: Array.from({ length: rows }, () => Float64Array.from({ length: unknowns }, () => rng.normal())),
    targets: Array.from({ length: rows }, () => rng.normal()),
  }
}

function solved(solver: RidgeSolver, { rows, targets }: Problem): Float64Array {
  solver.begin(rows.length)
  rows.forEach((row, at) => solver.add(row, targets[at]!))
  return solver.solve().slice()
}

/** (X'X + D) b = X'y, written down without a look at the solver. */
function byNormalEquations({ ridge, rows, targets }: Problem): Float64Array {
  const n = ridge.length
  const normal = new Float64Array(n * n)
  const right = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) normal[i * n + j] = rows.reduce((sum, x) => sum + x[i]! * x[j]!, i === j ? ridge[i]! : 0)
    right[i] = rows.reduce((sum, x, at) => sum + x[i]! * targets[at]!, 0)
  }
  solvePositiveDefinite(normal, right, n)
  return right
}

describe('a ridge problem', () => {
  it.each([
    ['few unknowns', 5, 12],
    ['many unknowns and few rows: by its dual', 70, 9],
    ['as many rows as unknowns', 64, 64],
    ['more rows than are multiplied at once, and some left over', 65, 600],
  ])('with %s has the solution of the normal equations', (_name, unknowns, rows) => {
    const problem = problemOf(unknowns, rows, unknowns)
    const [ours, theirs] = [solved(new RidgeSolver(problem.ridge), problem), byNormalEquations(problem)]
    expect(Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!)))).toBeLessThan(1e-9)
  })

  it('leaves nothing of itself to the next one, whatever its kind', () => {
    const [few, many] = [problemOf(66, 3, 1), problemOf(66, 300, 2)]
    const solver = new RidgeSolver(few.ridge)
    const first = solved(solver, few)
    solved(solver, many)
    expect(solved(solver, few)).toEqual(first)
  })

  it('without a row is zero', () => {
    for (const unknowns of [3, 70]) {
      const nothing = problemOf(unknowns, 0, 3)
      expect([...solved(new RidgeSolver(nothing.ridge), nothing)].every((value) => value === 0)).toBe(true)
    }
  })
})

describe("A A'", () => {
  it('has every product of two rows at and below the diagonal, and touches nothing above', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 11 }),
        fc.integer({ min: 0, max: 7 }),
        fc.integer({ min: 0, max: 3 }),
        (count, length, gap) => {
          const stride = length + gap
          const rng = Rng.stream(count, 'gram')
          const a = Float64Array.from({ length: count * stride + length }, () => Math.round(9 * rng.normal()))
          const out = new Float64Array(count * count).fill(1)
          addGram(a, stride, count, length, out)
          for (let i = 0; i < count; i++) {
            for (let j = 0; j < count; j++) {
              let sum = 1
              if (j <= i) for (let c = 0; c < length; c++) sum += a[i * stride + c]! * a[j * stride + c]!
              expect(out[i * count + j]).toBe(sum)
            }
          }
        },
      ),
    ))
})
