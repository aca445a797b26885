/**
 * relu, tanh and sigmoid on vectors; included once for each width. Every lane goes through the same steps wherever it
 * stands, so the bits of an element depend on its value alone.
 */
#include "product.h"

/** exp(r) - 1 for |r| <= ln(2) / 2: its series up to r^7, whose rest is below 2e-8 of the value. */
static inline VECTOR small_expm1(VECTOR r) {
  VECTOR sum = splat(1.0f / 5040);
  sum = fma(sum, r, splat(1.0f / 720));
  sum = fma(sum, r, splat(1.0f / 120));
  sum = fma(sum, r, splat(1.0f / 24));
  sum = fma(sum, r, splat(1.0f / 6));
  sum = fma(sum, r, splat(0.5f));
  return fma(mul(r, r), sum, r);
}

/** x = n ln(2) + r. The upper part of ln(2) has few bits, so that n times it is exact. */
static inline VECTOR rest_after(VECTOR x, VECTOR n) {
  return fma(n, splat(-1.42860682e-6f), fma(n, splat(-0.69314575f), x));
}

/** tanh(x) = -e / (e + 2) with e = exp(-2 |x|) - 1: no digits are lost near 0. */
static inline VECTOR tanh_vector(VECTOR x) {
  // Beyond 10 it is 1 in single precision. The order of the arguments lets NaN pass.
  const VECTOR y = max(splat(-20.0f), mul(magnitude(x), splat(-2.0f)));
  const VECTOR n = nearest(mul(y, splat(1.44269504f)));
  const VECTOR scale = power_of_two(n);
  const VECTOR e = fma(scale, small_expm1(rest_after(y, n)), sub(scale, splat(1.0f)));
  return with_sign_of(magnitude(divide(e, add(e, splat(2.0f)))), x);
}

/** 1 / (1 + z), or z / (1 + z) for a negative x, with z = exp(-|x|): precise also where the result is tiny. */
static inline VECTOR sigmoid_vector(VECTOR x) {
  // Below -104 it is 0 in single precision.
  const VECTOR y = max(splat(-104.0f), sub(zero(), magnitude(x)));
  const VECTOR n = nearest(mul(y, splat(1.44269504f)));
  // In two steps, because 2^n itself may be too small for a power without a lost bit.
  const VECTOR half = nearest(mul(n, splat(0.5f)));
  const VECTOR exponential = add(small_expm1(rest_after(y, n)), splat(1.0f));
  const VECTOR z = mul(mul(exponential, power_of_two(half)), power_of_two(sub(n, half)));
  return divide(where_negative(x, z, splat(1.0f)), add(z, splat(1.0f)));
}

static inline VECTOR activated(VECTOR x, enum activation activation) {
  if (activation == ACTIVATION_RELU) return max(zero(), x);
  return activation == ACTIVATION_TANH ? tanh_vector(x) : sigmoid_vector(x);
}

static void activate_row(float *row, ptrdiff_t count, enum activation activation) {
  ptrdiff_t at = 0;
  for (; at + LANES <= count; at += LANES) store(row + at, activated(load(row + at), activation));
  if (at == count) return;
  const MASK mask = first_lanes(count - at);
  store_masked(row + at, mask, activated(load_masked(row + at, mask), activation));
}

/** Applies the activation to `height` rows of `width` elements that lie `stride` elements apart. */
static void activate(float *out, ptrdiff_t stride, ptrdiff_t height, ptrdiff_t width, enum activation activation) {
  if (activation == ACTIVATION_NONE) return;
  for (ptrdiff_t row = 0; row < height; row++) activate_row(out + row * stride, width, activation);
}
