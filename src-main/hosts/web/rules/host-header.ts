const allowedHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

/**
 * DNS rebinding: a page of evil.test can point its own name at 127.0.0.1, and its requests then look local, all but for
 * this header. The port is not compared, because a tunnel changes it.
 *
 * @param values every Host header of the request, in order
 * @returns the one allowed Host in lower case, or undefined when the request must be refused
 */
export function allowedHostOf(values: readonly string[] | undefined): string | undefined {
  const [host, ...more] = values ?? []
  return host !== undefined && more.length === 0 && allowedHost.test(host) ? host.toLowerCase() : undefined
}
