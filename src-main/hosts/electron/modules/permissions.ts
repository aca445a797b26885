import type { Session } from 'electron'
import { appOrigin } from './app-origin.ts'

/** Copying a table to the clipboard is all that the page needs to ask for. */
const granted = 'clipboard-sanitized-write'

/** Denies every permission, device and capture, but for writing text to the clipboard from our own page. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(permission === granted && URL.parse(contents.getURL())?.href.startsWith(`${appOrigin}/`) === true)
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => {
    return permission === granted && origin.replace(/\/$/, '') === appOrigin
  })
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
}
