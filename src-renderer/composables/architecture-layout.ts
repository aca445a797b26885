import type { Architecture, ArchitectureBlock, ArchitectureEdge } from '../../src-main/contract/dto/architecture.ts'

/** Sizes of the drawing, in units of its own coordinates. */
export const blockSize = { width: 172, height: 60 } as const
const gap = { x: 20, y: 52 } as const
/** A long edge passes between blocks; it needs less room than one. */
const passageWidth = 20
const sweeps = 8

export interface PlacedBlock {
  readonly block: ArchitectureBlock
  /** Upper left corner. */
  readonly x: number
  readonly y: number
}

export interface PlacedEdge {
  readonly edge: ArchitectureEdge
  /** Of an SVG path. */
  readonly path: string
  /** Where its mark stands. */
  readonly mark: { readonly x: number; readonly y: number }
}

export interface ArchitectureLayout {
  readonly blocks: readonly PlacedBlock[]
  readonly edges: readonly PlacedEdge[]
  readonly width: number
  readonly height: number
}

/** A block, or the place where an edge passes a layer. */
interface Place {
  readonly id: string
  readonly width: number
  readonly layer: number
  readonly before: Place[]
  readonly after: Place[]
  x: number
}

/**
 * Draws from the inputs down: every block stands below what it reads, likes to the left and dislikes to the right as far as
 * edges allow, and long edges pass between the blocks of the layers on their way. The same description always gives the same
 * drawing.
 */
export function layOutArchitecture({ blocks, edges }: Pick<Architecture, 'blocks' | 'edges'>): ArchitectureLayout {
  const layerOf = layersOf(blocks, edges)
  const places = new Map<string, Place>()
  for (const { id } of blocks) places.set(id, newPlace(id, layerOf.get(id)!, blockSize.width))
  const routes = edges.map((edge) => routeOf(edge, places))
  const layers: Place[][] = []
  for (const place of places.values()) (layers[place.layer] ??= []).push(place)
  const flows = new Map<string, number>(blocks.map(({ id, flow }) => [id, { positive: -1, none: 0, both: 0, negative: 1 }[flow]]))
  for (const layer of layers) layer.sort((a, b) => (flows.get(a.id) ?? 0) - (flows.get(b.id) ?? 0))
  order(layers)
  setPositions(layers)
  const all = [...places.values()]
  const left = all.reduce((least, place) => Math.min(least, place.x - place.width / 2), all[0]?.x ?? 0)
  const right = all.reduce((most, place) => Math.max(most, place.x + place.width / 2), left)
  const topOf = (layer: number) => layer * (blockSize.height + gap.y)
  return {
    blocks: blocks.map((block) => {
      const place = places.get(block.id)!
      return { block, x: place.x - left - blockSize.width / 2, y: topOf(place.layer) }
    }),
    edges: routes.map((route, index) => drawEdge(edges[index]!, route, left, topOf)),
    width: right - left,
    height: layers.length === 0 ? 0 : topOf(layers.length - 1) + blockSize.height,
  }
}

function newPlace(id: string, layer: number, width: number): Place {
  return { id, layer, width, before: [], after: [], x: 0 }
}

/** The longest way from an input; what reads nothing stands right above its first reader. */
function layersOf(blocks: readonly ArchitectureBlock[], edges: readonly ArchitectureEdge[]): Map<string, number> {
  const layer = new Map<string, number>()
  const from = Map.groupBy(edges, (edge) => edge.to)
  const rank = (id: string): number => {
    const known = layer.get(id)
    if (known !== undefined) return known
    layer.set(id, 0)
    const value = Math.max(-1, ...(from.get(id) ?? []).map((edge) => rank(edge.from))) + 1
    layer.set(id, value)
    return value
  }
  for (const { id } of blocks) rank(id)
  for (const { id } of blocks) {
    const readers = edges.filter((edge) => edge.from === id)
    if (from.has(id) || readers.length === 0) continue
    layer.set(id, Math.min(...readers.map((edge) => layer.get(edge.to)!)) - 1)
  }
  return layer
}

/** The places that an edge touches, its ends included; makes those in between. */
function routeOf({ from, to }: ArchitectureEdge, places: Map<string, Place>): Place[] {
  const route = [places.get(from)!]
  const end = places.get(to)!
  for (let layer = route[0]!.layer + 1; layer < end.layer; layer++) {
    const passage = newPlace(`${from} ${to} ${layer}`, layer, passageWidth)
    places.set(passage.id, passage)
    route.push(passage)
  }
  route.push(end)
  for (let i = 1; i < route.length; i++) {
    route[i - 1]!.after.push(route[i]!)
    route[i]!.before.push(route[i - 1]!)
  }
  return route
}

/** Fewer crossings: each layer by the mean position of its neighbours, down and up again. */
function order(layers: Place[][]): void {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0
    for (const layer of down ? layers : [...layers].reverse()) {
      const means = new Map<Place, number>()
      layer.forEach((place, index) => {
        const neighbours = down ? place.before : place.after
        const positions = neighbours.map((one) => relativeIndex(layers[one.layer]!, one))
        means.set(place, positions.length === 0 ? relativeIndex(layer, place) : mean(positions))
        place.x = index
      })
      layer.sort((a, b) => means.get(a)! - means.get(b)! || a.x - b.x)
    }
  }
}

const relativeIndex = (layer: readonly Place[], place: Place) => (layer.indexOf(place) + 0.5) / layer.length

/** Each place as near below and above its neighbours as its layer has room. */
function setPositions(layers: readonly Place[][]): void {
  for (const layer of layers)
    spread(
      layer,
      layer.map((_, index) => index * (blockSize.width + gap.x)),
    )
  for (let sweep = 0; sweep < 2 * sweeps; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) {
      const wanted = layer.map((place) => {
        const near = sweep % 2 === 0 ? place.before : place.after
        const all = near.length > 0 ? near : [...place.before, ...place.after]
        return all.length === 0 ? place.x : mean(all.map((one) => one.x))
      })
      spread(layer, wanted)
    }
  }
}

/** Sets a layer to the wanted positions, pushed apart where they overlap, its middle left where it was wanted. */
function spread(layer: readonly Place[], wanted: readonly number[]): void {
  let edge = -Infinity
  layer.forEach((place, index) => {
    place.x = Math.max(wanted[index]!, edge + place.width / 2)
    edge = place.x + place.width / 2 + gap.x
  })
  const shift = mean(wanted) - mean(layer.map((place) => place.x))
  for (const place of layer) place.x += shift
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function drawEdge(edge: ArchitectureEdge, route: readonly Place[], left: number, topOf: (layer: number) => number): PlacedEdge {
  const points: { x: number; y: number }[] = []
  route.forEach((place, index) => {
    const x = place.x - left
    if (index > 0) points.push({ x, y: topOf(place.layer) })
    if (index < route.length - 1) points.push({ x, y: topOf(place.layer) + blockSize.height })
  })
  const [first, ...rest] = points
  let path = `M ${round(first!.x)} ${round(first!.y)}`
  let last = first!
  for (const point of rest) {
    const bend = (point.y - last.y) / 2
    path +=
      point.x === last.x
        ? ` V ${round(point.y)}`
        : ` C ${round(last.x)} ${round(last.y + bend)} ${round(point.x)} ${round(point.y - bend)} ${round(point.x)} ${round(point.y)}`
    last = point
  }
  const second = rest[0]!
  return { edge, path, mark: { x: (first!.x + second.x) / 2, y: (first!.y + second.y) / 2 } }
}

const round = (value: number) => Math.round(value * 10) / 10

/** "2,656", "1.24 M": as short as a block has room for. */
export function shortCount(count: number): string {
  if (count < 100_000) return count.toLocaleString('en')
  return count < 1e9 ? `${(count / 1e6).toFixed(count < 1e7 ? 2 : 1)} M` : `${(count / 1e9).toFixed(2)} G`
}

/** What a screen reader is told of a block, as a sighted person sees it. */
export function blockText({ block }: PlacedBlock, edges: readonly ArchitectureEdge[], titleOf: (id: string) => string): string {
  const flow = { positive: ', likes', negative: ', dislikes', both: ', likes and dislikes', none: '' }[block.flow]
  const readers = edges.filter(({ to }) => to === block.id).map(({ from }) => titleOf(from))
  const sources = readers.length > 0 ? `, reads ${readers.join(', ')}` : ''
  const count = block.parameters > 0 ? `, ${block.parameters.toLocaleString('en')} parameters` : ''
  return `${block.title}: ${block.shape.join(' × ') || 'one number'}${count}${flow}${sources}`
}
