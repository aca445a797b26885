/**
 * The two-sided p value of "the mean difference is zero", from bootstrap samples of the paired differences: how often a sample
 * lies at least as far from the observed difference as zero does. The samples, moved to have their centre at zero, stand for
 * what would be seen if there were no difference (Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 16).
 *
 * The observed difference counts as one of the samples, so that p is never 0: with B samples it is at least 1 / (B + 1).
 *
 * @param observed the mean difference of the data
 * @param samples  the mean differences of bootstrap samples; those that are NaN do not count
 */
export function bootstrapP(observed: number, samples: Float64Array): number {
  let counted = 0
  let extreme = 0
  for (const sample of samples) {
    if (Number.isNaN(sample)) continue
    counted++
    if (Math.abs(sample - observed) >= Math.abs(observed)) extreme++
  }
  return (1 + extreme) / (1 + counted)
}
