/** Presentation that a stylesheet gives and a file must carry itself. */
const carried = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
]

/**
 * A drawing of the page as the text of a file that stands alone: its colours and fonts as they are shown now, on the background
 * of the page, without what is there for keyboard and screen reader.
 *
 * @param drawn the group that holds the drawing, in its own coordinates
 * @param background a colour
 */
export function svgFile(
  drawn: SVGGElement,
  size: { readonly width: number; readonly height: number },
  background: string,
): string {
  const margin = 24
  const [width, height] = [size.width + 2 * margin, size.height + 2 * margin]
  const copy = drawn.cloneNode(true) as SVGGElement
  const originals = [drawn, ...drawn.querySelectorAll('*')]
  const copies = [copy, ...copy.querySelectorAll('*')]
  originals.forEach((original, index) => carry(original, copies[index]!))
  copy.setAttribute('transform', `translate(${margin} ${margin})`)
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
  svg.setAttribute('width', String(width))
  svg.setAttribute('height', String(height))
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  ground.setAttribute('width', String(width))
  ground.setAttribute('height', String(height))
  ground.setAttribute('fill', background)
  svg.append(ground, copy)
  return new XMLSerializer().serializeToString(svg)
}

function carry(from: Element, to: Element): void {
  const style = getComputedStyle(from)
  for (const name of carried) {
    const value = style.getPropertyValue(name)
    if (value !== '' && value !== 'none' && value !== 'normal') to.setAttribute(name, value)
    else if (name === 'fill' && value === 'none') to.setAttribute(name, value)
  }
  for (const name of ['class', 'role', 'tabindex', 'aria-label', 'aria-pressed']) to.removeAttribute(name)
  for (const name of to.getAttributeNames()) if (name.startsWith('data-v-')) to.removeAttribute(name)
}
