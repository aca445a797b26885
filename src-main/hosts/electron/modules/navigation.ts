import type { WebContents } from 'electron'
import { startPage } from './app-origin.ts'
import { openListedAddress } from './open-external.ts'

/**
 * A page stays where it is: it leads nowhere else, opens no window and embeds nothing. A link to one of the addresses on
 * the fixed list opens in the user's browser.
 */
export function confineNavigation(contents: WebContents): void {
  const refuseForeign = (event: { preventDefault(): void }, url: string) => {
    // A reload of our own page is a navigation too.
    if (withoutHash(url) !== startPage) event.preventDefault()
  }
  contents.on('will-navigate', (event) => refuseForeign(event, event.url))
  contents.on('will-frame-navigate', (event) => refuseForeign(event, event.url))
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    openListedAddress(url)
    return { action: 'deny' }
  })
}

function withoutHash(url: string): string {
  return url.split('#')[0] ?? ''
}
