/** Entities by name that stand in titles and jokes; those of latin-1 follow. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  lsquo: '\u2018',
  rsquo: '\u2019',
  sbquo: '\u201a',
  ldquo: '\u201c',
  rdquo: '\u201d',
  bdquo: '\u201e',
  ndash: '\u2013',
  mdash: '\u2014',
  hellip: '\u2026',
  bull: '\u2022',
  trade: '\u2122',
  euro: '\u20ac',
  OElig: '\u0152',
  oelig: '\u0153',
  Scaron: '\u0160',
  scaron: '\u0161',
}

/** U+00A0 to U+00FF in order. */
const LATIN =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot ' +
  'cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml ' +
  'Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
  'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ' +
  'ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'

const ENTITIES = new Map<string, string>([
  ...Object.entries(NAMED),
  ...LATIN.split(' ').map((name, at): [string, string] => [name, String.fromCharCode(0xa0 + at)]),
])

/** Halves of characters: no text holds one alone. */
const SURROGATES = { from: 0xd800, to: 0xdfff }
const LAST_POINT = 0x10ffff

/** "Simon &amp; Schuster" is "Simon & Schuster". Once only; what is no known entity stays as it is. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{1,7}));/g, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return ENTITIES.get(name) ?? whole
    const point = typeof decimal === 'string' ? Number(decimal) : parseInt(String(hex), 16)
    const isCharacter = point >= 0x20 && point <= LAST_POINT && !(point >= SURROGATES.from && point <= SURROGATES.to)
    return isCharacter ? String.fromCodePoint(point) : whole
  })
}

/**
 * The text of a page on one line: no tags, no comments, entities decoded, every run of white space a blank. A "<" that begins
 * no tag is text.
 */
export function textOfHtml(html: string): string {
  const body = html
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    // No pattern goes beyond the next "<", so that a page made to hurt costs no more than any other.
    .replace(/<(script|style|title)\b[^<]*<\/\1\s*>/gi, ' ')
    // Tags within a line do not end a word; those of a block do.
    .replace(/<\/?(?:b|i|u|em|strong|font|span|a|sup|sub|tt)\b[^<>]*>/gi, '')
    .replace(/<\/?[a-z!?][^<>]*>/gi, ' ')
  return decodeEntities(body).replace(/\s+/g, ' ').trim()
}
