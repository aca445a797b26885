/**
 * The part of the WebAssembly interface that services use. It belongs to every JavaScript engine, but TypeScript declares it
 * only together with a browser's document.
 */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: boolean })
    readonly buffer: SharedArrayBuffer
    /** @returns the size before, in pages. @throws RangeError when there is no room */
    grow(pages: number): number
  }
  class Global {
    readonly value: number
  }
  class Instance {
    constructor(module: Module, imports: { env: { memory: Memory } })
    readonly exports: Readonly<Record<string, unknown>>
  }
  function validate(bytes: Uint8Array): boolean
}
