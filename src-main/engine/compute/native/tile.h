/**
 * The innermost part of the products; included once for each width of vectors. A tile of up to ROWS rows and two vectors of
 * columns stays in registers while K runs. Every element is summed over K in ascending order with one fused multiply-add
 * each, so its bits depend neither on the tile it falls into nor on the width of the vectors.
 */
#include "product.h"

/** Where a tile reads and writes. Distances are in elements. */
struct tile {
  /** First element of the first row of op(a); from row to row, and from step to step of K. */
  const float *a;
  ptrdiff_t a_row;
  ptrdiff_t a_step;
  /** First vector of columns of op(b), which lie side by side; from step to step of K. */
  const float *b;
  ptrdiff_t b_step;
  /** What the sums start from. */
  const float *start;
  ptrdiff_t start_row;
  float *out;
  ptrdiff_t out_row;
  ptrdiff_t depth;
  /** Lanes of the last vector that exist; looked at by the masked kernels only. */
  MASK mask;
  HALF_MASK half_mask;
};

#if ROWS == 14
#define EACH_ROW(DO) \
  DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13)
#elif ROWS == 6
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5)
#endif

#define LOAD_LAST(from) (masked ? load_masked(from, mask) : load(from))
#define STORE_LAST(to, x) \
  if (masked) store_masked(to, mask, x); \
  else store(to, x)

#define START_ROW(r) \
  VECTOR left##r = zero(); \
  VECTOR right##r = zero(); \
  if (rows > r) { \
    if (pair) left##r = load(start); \
    right##r = LOAD_LAST(start + last); \
    start += start_row; \
  }
#define ADD_ROW(r) \
  if (rows > r) { \
    const VECTOR factor = splat(a[r * a_row]); \
    if (pair) left##r = fma(factor, b_left, left##r); \
    right##r = fma(factor, b_right, right##r); \
  }
#define FINISH_ROW(r) \
  if (rows > r) { \
    if (pair) store(out, left##r); \
    STORE_LAST(out + last, right##r); \
    out += out_row; \
  }

/** All but `t` are constants in each kernel, so that what is not needed falls away. */
static inline __attribute__((always_inline)) void multiply_tile(
    const struct tile *t, const int rows, const bool pair, const bool masked) {
  const ptrdiff_t last = pair ? LANES : 0;
  const MASK mask = t->mask;
  const float *start = t->start;
  const ptrdiff_t start_row = t->start_row;
  EACH_ROW(START_ROW)
  const float *a = t->a;
  const ptrdiff_t a_row = t->a_row;
  const ptrdiff_t a_step = t->a_step;
  const float *b = t->b;
  const ptrdiff_t b_step = t->b_step;
  for (ptrdiff_t left = t->depth; left > 0; left--) {
    VECTOR b_left = zero();
    if (pair) b_left = load(b);
    const VECTOR b_right = LOAD_LAST(b + last);
    EACH_ROW(ADD_ROW)
    a += a_step;
    b += b_step;
  }
  float *out = t->out;
  const ptrdiff_t out_row = t->out_row;
  EACH_ROW(FINISH_ROW)
}

#define START_NARROW(r) \
  HALF_VECTOR sum##r = splat_half(0.0f); \
  if (rows > r) { \
    sum##r = load_half(start, mask); \
    start += t->start_row; \
  }
#define ADD_NARROW(r) \
  if (rows > r) sum##r = fma_half(splat_half(a[r * a_row]), b_all, sum##r);
#define FINISH_NARROW(r) \
  if (rows > r) { \
    store_half(out, mask, sum##r); \
    out += t->out_row; \
  }

/** The same for at most half a vector of columns. */
static inline __attribute__((always_inline)) void multiply_narrow(const struct tile *t, const int rows) {
  const HALF_MASK mask = t->half_mask;
  const float *start = t->start;
  EACH_ROW(START_NARROW)
  const float *a = t->a;
  const ptrdiff_t a_row = t->a_row;
  const ptrdiff_t a_step = t->a_step;
  const float *b = t->b;
  const ptrdiff_t b_step = t->b_step;
  for (ptrdiff_t left = t->depth; left > 0; left--) {
    const HALF_VECTOR b_all = load_half(b, mask);
    EACH_ROW(ADD_NARROW)
    a += a_step;
    b += b_step;
  }
  float *out = t->out;
  EACH_ROW(FINISH_NARROW)
}

typedef void (*tile_kernel)(const struct tile *t);

#define KERNELS_OF(r) \
  static void tile_##r##_narrow(const struct tile *t) { multiply_narrow(t, r + 1); } \
  static void tile_##r##_single(const struct tile *t) { multiply_tile(t, r + 1, false, false); } \
  static void tile_##r##_single_masked(const struct tile *t) { multiply_tile(t, r + 1, false, true); } \
  static void tile_##r##_pair(const struct tile *t) { multiply_tile(t, r + 1, true, false); } \
  static void tile_##r##_pair_masked(const struct tile *t) { multiply_tile(t, r + 1, true, true); }
EACH_ROW(KERNELS_OF)

/** By rows - 1, two vectors, masked. */
#define TABLE_ROW(r) {{tile_##r##_single, tile_##r##_single_masked}, {tile_##r##_pair, tile_##r##_pair_masked}},
static const tile_kernel TILE_KERNELS[ROWS][2][2] = {EACH_ROW(TABLE_ROW)};
#define NARROW_ROW(r) tile_##r##_narrow,
static const tile_kernel NARROW_KERNELS[ROWS] = {EACH_ROW(NARROW_ROW)};

/** Multiplies a tile of `rows` x `columns`, at most ROWS x 2 LANES. */
static void run_tile(struct tile *t, ptrdiff_t rows, ptrdiff_t columns) {
  if (columns <= LANES / 2) {
    t->half_mask = first_half_lanes(columns);
    NARROW_KERNELS[rows - 1](t);
    return;
  }
  const bool pair = columns > LANES;
  const ptrdiff_t in_last = pair ? columns - LANES : columns;
  t->mask = first_lanes(in_last);
  TILE_KERNELS[rows - 1][pair][in_last < LANES](t);
}
