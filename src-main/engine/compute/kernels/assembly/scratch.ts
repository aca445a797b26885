/** Memory of this thread alone, given by the host before the first instruction; its first 64 bytes stay zeros. */
export let scratch: usize = 0

export function setScratch(address: usize): void {
  scratch = address
}
