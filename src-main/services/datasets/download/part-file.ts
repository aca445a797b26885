import { mkdir, open, readFile, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { writeFileAtomically } from '../../../storage/atomic-file.ts'
import type { DataSource } from './data-source.ts'
import { fileName, withFolderErrors } from './download-errors.ts'

/** What is known of the file on the server that the part is of. */
const partFacts = z.object({
  url: z.string(),
  /** By which the server knows whether its file is still the same: an entity tag or a date. */
  validator: z.string().min(1),
  /** Bytes of the whole file, if the server said. */
  total: z.int().nullable(),
})
type PartFacts = z.infer<typeof partFacts>

/**
 * What has arrived of a file, in the workspace's folder `downloads`, and beside it what the server said of it. A part without
 * that cannot be gone on with and counts as nothing.
 */
export class PartFile {
  readonly path: string
  readonly #folder: string
  readonly #url: string
  #facts: PartFacts | null = null
  #bytes = 0
  #handle: FileHandle | undefined

  private constructor(folder: string, source: DataSource) {
    this.path = join(folder, fileName(source))
    this.#folder = folder
    this.#url = source.url
  }

  static async find(folder: string, source: DataSource): Promise<PartFile> {
    const part = new PartFile(folder, source)
    const facts = partFacts.safeParse(
      await readFile(part.#factsPath, 'utf8')
        .then(JSON.parse)
        .catch(() => null),
    )
    const bytes = await stat(part.path).then(
      (found) => found.size,
      () => 0,
    )
    if (facts.success && facts.data.url === source.url && bytes > 0 && bytes <= (facts.data.total ?? bytes)) {
      part.#facts = facts.data
      part.#bytes = bytes
    }
    return part
  }

  get #factsPath(): string {
    return `${this.path}.json`
  }
  /** 0 when there is nothing to go on with. */
  get bytes(): number {
    return this.#bytes
  }
  /** What would be there if the download ended now. */
  get keptBytes(): number {
    return this.#facts ? this.#bytes : 0
  }
  get total(): number | null {
    return this.#facts?.total ?? null
  }
  get validator(): string | undefined {
    return this.#facts?.validator
  }
  get isComplete(): boolean {
    return this.#bytes > 0 && this.#bytes === this.total
  }

  /** Begins anew. @param validator undefined: the server names none, and what arrives cannot be gone on with later */
  async begin(validator: string | undefined, total: number | null): Promise<void> {
    await this.discard()
    await withFolderErrors(this.#folder, async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      if (validator !== undefined) await this.#record({ url: this.#url, validator, total })
      this.#handle = await open(this.path, 'w', 0o600)
    })
  }

  /** Goes on behind what is there. */
  async goOn(): Promise<void> {
    await withFolderErrors(this.#folder, async () => (this.#handle = await open(this.path, 'a', 0o600)))
  }

  async append(chunk: Uint8Array): Promise<void> {
    await withFolderErrors(this.#folder, async () => {
      for (let at = 0; at < chunk.length;) {
        const { bytesWritten } = await this.#handle!.write(chunk, at)
        at += bytesWritten
        this.#bytes += bytesWritten
      }
    })
  }

  /** Ends writing. A complete file stays whatever the server said of it; a part that cannot be gone on with goes. */
  async close(isComplete: boolean): Promise<void> {
    await this.#handle?.close()
    this.#handle = undefined
    if (isComplete) await this.#record({ validator: 'complete', ...this.#facts, url: this.#url, total: this.#bytes })
    else if (this.keptBytes === 0) await this.discard()
  }

  async #record(facts: PartFacts): Promise<void> {
    await withFolderErrors(this.#folder, () => writeFileAtomically(this.#factsPath, JSON.stringify(facts)))
    this.#facts = facts
  }

  async discard(): Promise<void> {
    await this.#handle?.close()
    this.#handle = undefined
    this.#facts = null
    this.#bytes = 0
    await withFolderErrors(this.#folder, async () => {
      await rm(this.#factsPath, { force: true })
      await rm(this.path, { force: true })
    })
  }
}
