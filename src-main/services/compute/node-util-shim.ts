/**
 * Gives `util` the function isNullOrUndefined, which Node 23 removed and tfjs-node(-gpu) 4.22.0 still calls. Upstream has
 * removed the call, but not released that: when it does, a test fails, and this file can go.
 *
 * Uses nothing from outside itself, as its text is also run in other processes (`nodeUtilShimCode`).
 * @param util the module object that `require('node:util')` gives, not a namespace: those cannot be changed
 */
export function supplyNodeUtil(util: object): void {
  if ('isNullOrUndefined' in util) return
  Object.defineProperty(util, 'isNullOrUndefined', { value: (value: unknown) => value === null || value === undefined })
}

/** The same for a CommonJS script. */
export const nodeUtilShimCode = `(${supplyNodeUtil.toString()})(require('node:util'));`
