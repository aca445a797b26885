/** A picture of an item, drawn from nothing but its genres and its number: the same everywhere, and no network. */
export interface Artwork {
  readonly ground: string
  readonly shapes: readonly ArtShape[]
}
export type ArtShape =
  | {
      readonly kind: 'circle'
      readonly x: number
      readonly y: number
      readonly r: number
      readonly fill: string
      readonly opacity: number
    }
  | { readonly kind: 'path'; readonly d: string; readonly fill: string; readonly opacity: number }
  | { readonly kind: 'line'; readonly d: string; readonly stroke: string; readonly width: number; readonly opacity: number }

export const artSize = { width: 160, height: 100 } as const

interface Ink {
  readonly ground: string
  readonly deep: string
  readonly mid: string
  readonly bright: string
}
/** After Okabe and Ito; neighbours differ in lightness too, and a genre has its own figure beside its colour. */
const inks: readonly Ink[] = [
  { ground: '#12324a', deep: '#0b2236', mid: '#2f79ad', bright: '#8fd0f5' },
  { ground: '#5a2a0c', deep: '#3d1a05', mid: '#c8641c', bright: '#ffc48a' },
  { ground: '#0d3f34', deep: '#062a22', mid: '#1f9a76', bright: '#9be8cc' },
  { ground: '#4a1f40', deep: '#32122b', mid: '#b8589a', bright: '#f5b8df' },
  { ground: '#4d4310', deep: '#332c07', mid: '#bd9f1d', bright: '#f7e58b' },
  { ground: '#2b2556', deep: '#1b173b', mid: '#6f63c4', bright: '#c3bbfa' },
  { ground: '#2f2d35', deep: '#1d1c22', mid: '#85808f', bright: '#dcd8e2' },
  { ground: '#571a26', deep: '#3a0e17', mid: '#c04a5c', bright: '#ffb3bd' },
]

type Figure = (random: () => number, ink: Ink) => ArtShape[]
const { width: W, height: H } = artSize
const at = (value: number) => value.toFixed(1)

const hills: Figure = (random, { deep, mid, bright }) => {
  const ridge = (base: number, fill: string, opacity: number): ArtShape => {
    const [a, b, c] = [base - 30 * random(), base + 24 * random(), base - 26 * random()]
    return { kind: 'path', d: `M0 ${H}V${at(base)}C30 ${at(a)} 55 ${at(b)} 85 ${at(base - 8)}S130 ${at(c)} ${W} ${at(base)}V${H}Z`, fill, opacity } // prettier-ignore
  }
  const sun: ArtShape = {
    kind: 'circle',
    x: 25 + random() * 110,
    y: 22 + random() * 14,
    r: 9 + random() * 9,
    fill: bright,
    opacity: 0.9,
  }
  return [sun, ridge(58, mid, 0.75), ridge(72, mid, 1), ridge(86, deep, 0.9)]
}
const bubbles: Figure = (random, { mid, bright }) =>
  Array.from({ length: 11 }, (_, i) => ({ kind: 'circle', x: random() * W, y: random() * H, r: 5 + random() * 20, fill: i % 3 === 0 ? bright : mid, opacity: 0.35 + random() * 0.55 })) // prettier-ignore
const rays: Figure = (random, { mid, bright }) => {
  const [x, y] = [30 + random() * 100, 62 + random() * 30]
  const turn = random()
  const wedges = Array.from({ length: 9 }, (_, i): ArtShape => {
    const [from, to] = [(i + turn) * 0.7, (i + turn) * 0.7 + 0.32]
    const end = (angle: number) => `${at(x + 220 * Math.cos(angle))} ${at(y + 220 * Math.sin(angle))}`
    return { kind: 'path', d: `M${at(x)} ${at(y)}L${end(from)}L${end(to)}Z`, fill: mid, opacity: 0.65 }
  })
  return [...wedges, { kind: 'circle', x, y, r: 14 + random() * 6, fill: bright, opacity: 1 }]
}
const arcs: Figure = (random, { mid, bright }) => {
  const [x, y] = [20 + random() * 120, 40 + random() * 40]
  return Array.from({ length: 7 }, (_, i): ArtShape => {
    const r = 8 + i * 11
    return { kind: 'line', d: `M${at(x - r)} ${at(y)}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0`, stroke: i % 2 === 0 ? bright : mid, width: 3.2, opacity: 1 - i * 0.1 } // prettier-ignore
  })
}
const shards: Figure = (random, { deep, mid, bright }) =>
  Array.from({ length: 8 }, (_, i): ArtShape => {
    const x = (i / 8) * W + random() * 16
    const top = random() * 55
    return { kind: 'path', d: `M${at(x - 8)} ${H}L${at(x + 8 + random() * 16)} ${at(top)}L${at(x + 34)} ${H}Z`, fill: [mid, bright, deep][i % 3]!, opacity: 0.72 } // prettier-ignore
  })
const waves: Figure = (random, { mid, bright }) => {
  const sway = 10 + random() * 14
  return Array.from({ length: 8 }, (_, i): ArtShape => {
    const y = 8 + i * 13
    return { kind: 'line', d: `M-5 ${y}q22 ${at(-sway)} 43 0t43 0t43 0t43 0`, stroke: i % 3 === 1 ? bright : mid, width: 3 + random() * 3, opacity: 0.9 } // prettier-ignore
  })
}
const blocks: Figure = (random, { deep, mid, bright }) =>
  Array.from({ length: 9 }, (_, i): ArtShape => {
    const height = 18 + random() * 66
    const x = i * 18 - 2
    return { kind: 'path', d: `M${x} ${H}V${at(H - height)}h15V${H}Z`, fill: [mid, deep, mid, bright][Math.floor(random() * 4)]!, opacity: 0.88 } // prettier-ignore
  })
const petals: Figure = (random, { mid, bright }) => {
  const [x, y] = [45 + random() * 70, 40 + random() * 20]
  const turn = random() * 60
  const leaves = Array.from({ length: 6 }, (_, i): ArtShape => {
    const angle = ((i * 60 + turn) * Math.PI) / 180
    return { kind: 'circle', x: x + 22 * Math.cos(angle), y: y + 22 * Math.sin(angle), r: 19, fill: mid, opacity: 0.6 }
  })
  return [...leaves, { kind: 'circle', x, y, r: 11, fill: bright, opacity: 1 }]
}
const figures: readonly Figure[] = [hills, bubbles, shards, petals, rays, arcs, blocks, waves]

/** Genres that everybody's data has, so that no two of them look alike; others take their place by their letters. */
const known = ['Drama', 'Comedy', 'Animation', 'Romance', 'Adventure', 'Sci-Fi', 'Crime', 'Horror', 'Thriller', 'Action', 'Documentary', 'Family', 'Fantasy', 'Mystery', 'War', 'Musical', 'Western', "Children's", 'Film-Noir', 'History', 'Science Fiction'] // prettier-ignore

function lookOf(genre: string): { ink: Ink; figure: Figure } {
  const named = known.indexOf(genre)
  const place = named >= 0 ? named : hash(genre)
  return {
    ink: inks[place % inks.length]!,
    figure: figures[(place + (named >= 0 ? Math.floor(named / inks.length) * 3 : hash(`${genre} figure`))) % figures.length]!,
  }
}

/** @param genres the first decides figure and colour, the second the light; without genres the id decides alone */
export function artworkOf(itemId: string, genres: readonly string[]): Artwork {
  const main = lookOf(genres[0] ?? itemId)
  const second = genres[1] === undefined ? main.ink : lookOf(genres[1]).ink
  const random = sequence(hash(`${itemId}/${genres.join('/')}`))
  const glow: ArtShape = { kind: 'circle', x: random() * W, y: random() * H * 0.5, r: 58, fill: second.mid, opacity: 0.35 }
  return { ground: main.ink.ground, shapes: [glow, ...main.figure(random, { ...main.ink, bright: second.bright })] }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

/** Numbers from 0 to before 1 that depend on the seed alone (xorshift). */
function sequence(seed: number): () => number {
  let state = seed || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
