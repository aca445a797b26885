/**
 * The one content security policy of both hosts.
 *
 * Scripts come from the program's own origin as files: nothing in line, no eval, no WebAssembly. `style-src-attr` is open
 * because Reka UI and ECharts place popups and canvases by style attributes; such a style can colour and move what is on
 * the page, it can fetch nothing, since every fetching directive is closed to other origins.
 *
 * @param connect further addresses the page may call: Safari does not take a WebSocket of its own host for 'self'
 */
export function contentSecurityPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...connect].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

/** What both hosts send with every answer, whatever it is. */
export function securityHeaders(connect: readonly string[] = []): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(connect),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
  }
}
