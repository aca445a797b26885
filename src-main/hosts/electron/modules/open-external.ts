import { shell } from 'electron'
import { isAllowedAddress } from './external-addresses.ts'

/**
 * The only way to the user's browser: other schemes than https would start other programs.
 *
 * @returns whether the address is on the list and was handed over
 */
export function openListedAddress(address: string): boolean {
  if (!isAllowedAddress(address)) return false
  void shell.openExternal(new URL(address).href)
  return true
}
