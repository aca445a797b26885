import { protocol, type Session } from 'electron'
import { securityHeaders } from '../../csp.ts'
import type { StaticFiles } from '../../static-files.ts'
import { appHost, appScheme } from './app-origin.ts'

/**
 * Must run before Electron is ready. `standard` and `secure` give the page an origin and the features of a secure page;
 * nothing else is granted: no bypassing of the content security policy, no service workers, no CORS to other schemes.
 */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the listed files of the built page under `app://palate/`, and nothing else. */
export function serveAppScheme(session: Session, files: StaticFiles): void {
  session.protocol.handle(appScheme, (request) => answerAppRequest(request, files))
}

async function answerAppRequest(request: Request, files: StaticFiles): Promise<Response> {
  const headers = { ...securityHeaders(), 'cache-control': 'no-store' }
  const { host, pathname } = new URL(request.url)
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const file = host === appHost && isRead ? await files.read(pathname) : undefined
  if (!file) return new Response('Not found', { status: 404, headers: { ...headers, 'content-type': 'text/plain' } })
  return new Response(file.content, { status: 200, headers: { ...headers, 'content-type': file.contentType } })
}
