const ISBN_10 = /^\d{9}[\dXx]$/
const ISBN_13 = /^97[89]\d{10}$/

/** Written as an ISBN is; its check digit may be wrong, as many are in the data of readers. */
export function looksLikeIsbn(text: string): boolean {
  return ISBN_10.test(text) || ISBN_13.test(text)
}

/** An ISBN whose check digit is right: by chance, one in eleven numbers of ten digits. */
export function isIsbn(text: string): boolean {
  if (!looksLikeIsbn(text)) return false
  const digits = Array.from(text, (digit) => (digit === 'X' || digit === 'x' ? 10 : Number(digit)))
  if (digits.length === 10) return digits.reduce((sum, digit, at) => sum + digit * (10 - at), 0) % 11 === 0
  return digits.reduce((sum, digit, at) => sum + digit * (at % 2 === 0 ? 1 : 3), 0) % 10 === 0
}
