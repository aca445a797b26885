import type { Session } from 'electron'
import { appOrigin } from './app-origin.ts'

/** All that the page needs to ask for: copying a table to the clipboard, and telling of a run that has ended. */
const granted: readonly string[] = ['clipboard-sanitized-write', 'notifications']

/** Denies every permission, device and capture, but for writing text to the clipboard and showing notifications from our own page. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(granted.includes(permission) && URL.parse(contents.getURL())?.href.startsWith(`${appOrigin}/`) === true)
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => {
    return granted.includes(permission) && origin.replace(/\/$/, '') === appOrigin
  })
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
}
