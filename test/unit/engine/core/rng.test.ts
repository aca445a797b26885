import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { decodeState, encodeState } from '../../../../src-main/engine/core/state-codec.ts'
import { chiSquare, errorOf } from '../../../support/worlds.ts'

/** The four words of xoshiro128** and its output, computed with BigInt instead of 32-bit tricks. */
function* reference(words: readonly number[]): Generator<number> {
  const mask = 0xffffffffn
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask
  let [s0, s1, s2, s3] = words.map(BigInt) as [bigint, bigint, bigint, bigint]
  for (;;) {
    yield Number((rotate((s1 * 5n) & mask, 7n) * 9n) & mask)
    const shifted = (s1 << 9n) & mask
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotate(s3, 11n)
  }
}

const take = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw)

describe('a random stream', () => {
  it('gives the numbers it has given since the first release: recorded runs can be made again', () => {
    const rng = Rng.stream(1, 'replay')
    expect(take(4, () => rng.uint32())).toEqual([1073477428, 2936001012, 1673841855, 819681264])
    const other = Rng.stream(7, 'networks')
    expect(take(3, () => other.normal())).toEqual([-0.7265592787961822, 1.0982071962170654, -0.08111326426044956])
    expect(take(3, () => other.uniform())).toEqual([0.05894556939526441, 0.9375562326989497, 0.9287591652673748])
  })

  it('is xoshiro128**, and gives the authors’ first outputs from the state 1, 2, 3, 4', () => {
    const rng = Rng.stream(1, 'any')
    rng.load({ words: Uint32Array.of(1, 2, 3, 4), spare: null })
    expect(take(4, () => rng.uint32())).toEqual([11520, 0, 5927040, 70819200])
    const start = Rng.stream(42, 'other')
    const expected = reference([...start.save().words])
    expect(take(1000, () => start.uint32())).toEqual(take(1000, () => expected.next().value))
  })

  it('has another stream for every name and seed', () => {
    const firsts = ['a', 'b', 'ab', 'replay', 'networks'].flatMap((name) =>
      [0, 1, 2, 11, 2 ** 31 - 1, 2 ** 53 - 1].map((seed) =>
        take(
          3,
          (
            (rng) => () =>
              rng.uint32()
          )(Rng.stream(seed, name)),
        ).join(),
      ),
    )
    expect(new Set(firsts).size).toBe(firsts.length)
  })

  it('has streams that do not follow each other: neighbouring seeds are not correlated', () => {
    const a = Rng.stream(1, 'x')
    const b = Rng.stream(2, 'x')
    let sum = 0
    for (let i = 0; i < 20_000; i++) sum += (a.uniform() - 0.5) * (b.uniform() - 0.5)
    // Standard error of the mean product is 1 / 12 / sqrt(n).
    expect(Math.abs(sum / 20_000)).toBeLessThan(4 / 12 / Math.sqrt(20_000))
  })

  it('draws uniformly: no bin of a hundred stands out', () => {
    const rng = Rng.stream(3, 'uniform')
    const counts = new Int32Array(100)
    for (let i = 0; i < 100_000; i++) {
      const value = rng.uniform()
      expect(value >= 0 && value < 1).toBe(true)
      counts[Math.floor(100 * value)]!++
    }
    // 99 degrees of freedom: 148.2 is passed by chance once in a thousand; the seed is fixed.
    expect(chiSquare(counts, new Float64Array(100).fill(1000))).toBeLessThan(148.2)
  })

  it('draws below a bound without favouring small numbers, also where 2^32 is no multiple of it', () => {
    const rng = Rng.stream(4, 'below')
    // With a plain remainder, numbers below 2^32 - bound would come twice as often as the rest.
    const bound = 3 * 2 ** 30
    let small = 0
    for (let i = 0; i < 60_000; i++) if (rng.below(bound) < 2 ** 30) small++
    expect(Math.abs(small / 60_000 - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / 60_000))
    const counts = new Int32Array(7)
    for (let i = 0; i < 70_000; i++) counts[rng.below(7)]!++
    expect(chiSquare(counts, new Float64Array(7).fill(10_000))).toBeLessThan(22.5)
  })

  it('counts a bootstrap sample as so many single draws give it, and stands where they would', () => {
    for (const size of [0, 1, 7, 1000]) {
      const [counted, drawn] = [Rng.stream(3, 'sample'), Rng.stream(3, 'sample')]
      const counts = new Int32Array(size).fill(9)
      counted.countSample(counts)
      const expected = new Int32Array(size)
      for (let i = 0; i < size; i++) expected[drawn.below(size)]!++
      expect(counts).toEqual(expected)
      expect(counted.uint32()).toBe(drawn.uint32())
    }
  })

  it('takes the bounds 1 and 2^32 and refuses what is no bound', () => {
    const rng = Rng.stream(5, 'below')
    expect(rng.below(1)).toBe(0)
    expect(rng.below(2 ** 32)).toBeLessThan(2 ** 32)
    for (const bound of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
      expect(() => rng.below(bound)).toThrow(new RangeError(`Rng.below wants an integer from 1 to 2^32, not ${bound}`))
    }
  })

  it('draws normal deviates with the moments of the normal distribution', () => {
    const rng = Rng.stream(6, 'normal')
    const n = 100_000
    const moments = [0, 0, 0, 0]
    let beyondTwo = 0
    for (let i = 0; i < n; i++) {
      const x = rng.normal()
      for (let power = 1; power <= 4; power++) moments[power - 1]! += x ** power / n
      if (Math.abs(x) > 1.959964) beyondTwo++
    }
    // Four standard errors each: the variances of x, x^2, x^3, x^4 are 1, 2, 15, 96.
    const errors = [1, 2, 15, 96].map((variance) => 4 * Math.sqrt(variance / n))
    for (const [power, expected] of [0, 1, 0, 3].entries())
      expect(Math.abs(moments[power]! - expected)).toBeLessThan(errors[power]!)
    expect(Math.abs(beyondTwo / n - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / n))
  })

  it.each([0, 1, 4, 5])(
    'fills an array with what single normal deviates would be, a spare one first (%i drawn before)',
    (before) => {
      const [rng, single] = [Rng.stream(9, 'fill'), Rng.stream(9, 'fill')]
      for (const each of [rng, single]) take(before, () => each.normal())
      for (const length of [3, 4, 1]) {
        const out = new Float64Array(length)
        rng.fillNormal(out)
        expect([...out]).toEqual(take(length, () => single.normal()))
      }
      expect(rng.save()).toEqual(single.save())
    },
  )

  it('takes a chance as often as it is worth, by one uniform number each', () => {
    const [rng, uniform] = [Rng.stream(10, 'chance'), Rng.stream(10, 'chance')]
    const taken = take(10_000, () => rng.chance(0.3))
    expect(taken).toEqual(take(10_000, () => uniform.uniform() < 0.3))
    expect(taken.filter(Boolean).length / 10_000).toBeCloseTo(0.3, 1)
  })

  it.each([0, 1, 2, 3])('goes on identically after save and load, %i normal deviates in (a spare one included)', (before) => {
    const rng = Rng.stream(8, 'save')
    take(before, () => rng.normal())
    const copy = Rng.stream(999, 'somebody else')
    copy.normal()
    copy.load(decodeState(encodeState({ ...rng.save() })))
    const draw = (from: Rng) => take(20, () => [from.normal(), from.uniform(), from.below(10), from.uint32()])
    expect(draw(copy)).toEqual(draw(rng))
  })

  it('is not tied to what it saved: drawing on does not change a checkpoint', () => {
    const rng = Rng.stream(8, 'save')
    const saved = rng.save()
    const words = [...saved.words]
    rng.uint32()
    expect([...saved.words]).toEqual(words)
  })

  it('refuses a checkpoint without its words', () => {
    expect(errorOf(() => Rng.stream(1, 'x').load({ spare: null })).message).toBe(
      'The checkpoint cannot be used: "words" is missing or of the wrong kind. Resume from an older checkpoint, or start the run again.',
    )
  })

  it('shuffles without losing anything, and every order of four is equally likely', () => {
    const rng = Rng.stream(9, 'shuffle')
    const counts = new Map<string, number>()
    for (let i = 0; i < 24_000; i++) {
      const order = rng.shuffle([0, 1, 2, 3])
      expect([...order].sort()).toEqual([0, 1, 2, 3])
      counts.set(order.join(''), (counts.get(order.join('')) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    // 23 degrees of freedom, one in a thousand.
    expect(chiSquare([...counts.values()], new Float64Array(24).fill(1000))).toBeLessThan(49.7)
    expect(rng.shuffle(Int32Array.of())).toEqual(Int32Array.of())
  })
})
