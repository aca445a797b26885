import type { Rng } from '../../core/rng.ts'

/** How often each trial and each user is drawn in one bootstrap sample. */
export interface Resample {
  readonly trialWeights: Int32Array
  readonly userWeights: Int32Array
}

/**
 * Draws bootstrap samples of trials and users, crossed: a user that is drawn twice counts twice in every trial, because it is
 * the same person in all of them. To draw users anew in each trial would treat them as different people and make intervals too
 * narrow by up to the square root of the number of trials (Owen, "The pigeonhole bootstrap", 2007, eq. 5).
 *
 * With one trial only the users vary. Consumes trials + users draws of `rng` per sample (users alone with one trial). The
 * arrays are reused: a sample is valid until the next.
 */
export function* resamples(trials: number, users: number, count: number, rng: Rng): Generator<Resample, void> {
  const trialWeights = new Int32Array(trials).fill(1)
  const userWeights = new Int32Array(users)
  for (let sample = 0; sample < count; sample++) {
    if (trials > 1) rng.countSample(trialWeights)
    rng.countSample(userWeights)
    yield { trialWeights, userWeights }
  }
}
