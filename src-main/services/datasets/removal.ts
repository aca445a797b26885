import type { DatasetsRepository } from '../../storage/repositories/datasets.ts'

/** How long a removal can be taken back: time to see what went wrong and to find the button. */
const UNDO_MS = 60_000

/** Removes data sets at once or so that it can be taken back; what nobody took back is deleted when its time is over. */
export class DatasetRemoval {
  readonly undoMs: number
  readonly #datasets: DatasetsRepository

  constructor(datasets: DatasetsRepository, undoMs = UNDO_MS) {
    this.#datasets = datasets
    this.undoMs = undoMs
    // What an earlier session left behind is past undoing by then.
    this.#purgeLater()
  }

  /** @throws PalateError DATASET_IN_USE */
  async hide(datasetId: number): Promise<boolean> {
    const hidden = await this.#datasets.hide(datasetId, Date.now())
    this.#purgeLater()
    return hidden
  }

  #purgeLater(): void {
    const purge = () => {
      // The workspace may have been closed meanwhile, or the disk be full: the next session tries again.
      this.#datasets.purge(Date.now() - this.undoMs).catch(() => undefined)
    }
    setTimeout(purge, this.undoMs + 50).unref()
  }
}
