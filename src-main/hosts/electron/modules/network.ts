import type { Session } from 'electron'

const local = /^(app|blob|data|devtools|chrome-extension):/

/** The page has no business on the network: it talks to the engine through its port. Whatever asks is cancelled. */
export function cutNetwork(session: Session): void {
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !local.test(details.url) }))
}
