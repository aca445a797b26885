/** @param share 0 to 1; between two values it is interpolated. NaN for no values */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return NaN
  const sorted = [...values].sort((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const low = Math.floor(place)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!)
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
