const reservedOnWindows = /^(con|prn|aux|nul|com\d|lpt\d)$/i
const longest = 120

/**
 * A file name that is safe on every system, from one that a browser sent: no folder, no control character, no leading dot,
 * nothing that Windows reserves. The extension is kept, because readers look at it.
 */
export function safeUploadName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  const plain = last
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[. ]+/, '')
    .replace(/[. ]+$/, '')
  const dot = plain.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [plain.slice(0, dot), plain.slice(dot).slice(0, 20)] : [plain, '']
  const short = [...stem].slice(0, longest - extension.length).join('')
  return `${short === '' || reservedOnWindows.test(short.split('.')[0] ?? '') ? `upload${short && `-${short}`}` : short}${extension}`
}
