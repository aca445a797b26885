/**
 * A link works once; whoever needs another (a second browser, cleared cookies) presses Enter in the terminal. Says so on
 * standard error.
 *
 * @param quiet standard output holds one document and takes no further links
 */
export function offerLinksOnEnter(createLink: () => string, quiet = false): void {
  const offered = process.stdin.isTTY && !quiet
  process.stderr.write(`The link works once${offered ? '; press Enter for another' : ''}. Ctrl-C ends Palate.\n`)
  if (offered) process.stdin.on('data', () => process.stdout.write(`${createLink()}\n`))
}
