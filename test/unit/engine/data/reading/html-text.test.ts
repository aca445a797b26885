import { describe, expect, it } from 'vitest'
import { decodeEntities, textOfHtml } from '../../../../../src-main/engine/data/reading/html-text.ts'

describe('entities', () => {
  it.each([
    ['Simon &amp; Schuster', 'Simon & Schuster'],
    ['&quot;Caf&eacute;&quot; &#8212; &#x263A; &nbsp;', '"Café" — ☺ \u00a0'],
    ['&amp;lt;', '&lt;'],
    ['R&D; &unknown; &#0; &#xD800; &#1114112; & &amp', 'R&D; &unknown; &#0; &#xD800; &#1114112; & &amp'],
  ])('%s', (text, plain) => {
    expect(decodeEntities(text)).toBe(plain)
  })
})

describe('pages', () => {
  it.each([
    ['One<BR>\n two <P>three<!-- <b>not this</b> -->', 'One two three'],
    ['<font size="+1">a <i>b</i>c</font>&nbsp;&lt;b&gt;', 'a bc <b>'],
    ['<style>p { color: red }</style><TD WIDTH=1>1 < 2 > 0', '1 < 2 > 0'],
    ['<a href="never closed', '<a href="never closed'],
    ['<!-- never closed', ''],
  ])('%s', (html, text) => {
    expect(textOfHtml(html)).toBe(text)
  })

  it('cost no more than their length, whatever they hold', () => {
    const started = performance.now()
    for (const piece of ['<', '<a ', '<!--', '<script', '<title>', '&#']) textOfHtml(piece.repeat(5000))
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
