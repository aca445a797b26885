const page = (head: string, body: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Palate</title>${head}</head>
<body><h1>Palate</h1>
${body}
</body>
</html>
`

/** What someone sees who opens the address without its one-time link. */
export const refusalPage = page(
  '',
  `<p>This address opens only with the link that Palate printed when it started, and each link works once.</p>
<p>To get a new link, press Enter in the terminal where Palate runs, or start Palate again.</p>`,
)

/** Asks for the same page again, this time from ourselves. */
export const retryPage = page('<meta http-equiv="refresh" content="0;url=/">', '<p>Opening…</p>')
