/** The page's own scheme and host. `localhost`, `file:` and the web are never the page's origin under Electron. */
export const appScheme = 'app'
export const appHost = 'palate'
export const appOrigin = `${appScheme}://${appHost}`
export const startPage = `${appOrigin}/index.html`
