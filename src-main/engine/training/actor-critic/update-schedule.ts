/** Updates are owed in millionths: whole numbers, so that nothing is lost to rounding however long a run is. */
const ONE_UPDATE = 1_000_000

/** Says when updates are due, given how many belong to each step of an environment. */
export class UpdateSchedule {
  readonly #perStep: number
  #owed = 0

  /** @param updatesPerStep kept to the millionth */
  constructor(updatesPerStep: number) {
    this.#perStep = Math.max(1, Math.round(updatesPerStep * ONE_UPDATE))
  }

  /** An update is due before the next step. */
  get due(): boolean {
    return this.#owed >= ONE_UPDATE
  }

  /** Millionths of an update that are owed: what a checkpoint keeps. */
  get owed(): number {
    return this.#owed
  }

  set owed(millionths: number) {
    this.#owed = millionths
  }

  /** @param steps all environments' together */
  stepped(steps: number): void {
    this.#owed += steps * this.#perStep
  }

  updated(): void {
    this.#owed -= ONE_UPDATE
  }
}
