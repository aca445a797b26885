/**
 * Products with fewer than 4 rows, or with one column: nothing is used often enough to be rearranged. Included once for each
 * width of vectors. One column is one row of the transposed product.
 */
#include "product.h"

/** One row of a product: out [from .. to - 1] = start + x [k] op(b) [k, ..]. */
struct thin_row {
  float *out;
  const float *x;
  ptrdiff_t x_step;
  const float *b;
  ptrdiff_t ldb;
  bool transposed;
  ptrdiff_t k;
  /** NULL: all sums start from `same`. */
  const float *bias;
  float same;
};

#define DOT_LANES 16

/**
 * Inner products of x with up to four rows of b, each in sixteen interleaved sums: how a catalogue is scored. Where there are
 * fewer than four rows, the last stands for the missing ones.
 */
static void few_dots(const struct thin_row *t, ptrdiff_t j, ptrdiff_t count) {
  const float *r0 = t->b + j * t->ldb;
  const float *r1 = count > 1 ? r0 + t->ldb : r0;
  const float *r2 = count > 2 ? r1 + t->ldb : r1;
  const float *r3 = count > 3 ? r2 + t->ldb : r2;
  struct sixteen s0 = sixteen_zeros();
  struct sixteen s1 = s0;
  struct sixteen s2 = s0;
  struct sixteen s3 = s0;
  ptrdiff_t p = 0;
  for (; p + DOT_LANES <= t->k; p += DOT_LANES) {
    const struct sixteen x = load_sixteen(t->x + p);
    s0 = add_product(x, load_sixteen(r0 + p), s0);
    s1 = add_product(x, load_sixteen(r1 + p), s1);
    s2 = add_product(x, load_sixteen(r2 + p), s2);
    s3 = add_product(x, load_sixteen(r3 + p), s3);
  }
  if (p < t->k) {
    const ptrdiff_t rest = t->k - p;
    const struct sixteen x = load_first(t->x + p, rest);
    s0 = add_product(x, load_first(r0 + p, rest), s0);
    s1 = add_product(x, load_first(r1 + p, rest), s1);
    s2 = add_product(x, load_first(r2 + p, rest), s2);
    s3 = add_product(x, load_first(r3 + p, rest), s3);
  }
  __m128 q0 = four_sums(s0);
  __m128 q1 = four_sums(s1);
  __m128 q2 = four_sums(s2);
  __m128 q3 = four_sums(s3);
  _MM_TRANSPOSE4_PS(q0, q1, q2, q3);
  const __m128 sums = _mm_add_ps(_mm_add_ps(q0, q2), _mm_add_ps(q1, q3));
  const __m128i mask = _mm_cmpgt_epi32(_mm_set1_epi32((int)count), _mm_setr_epi32(0, 1, 2, 3));
  const __m128 start = t->bias ? _mm_maskload_ps(t->bias + j, mask) : _mm_set1_ps(t->same);
  _mm_maskstore_ps(t->out + j, mask, _mm_add_ps(sums, start));
}

/** As many vectors side by side as hide the time of a multiply-add. */
#define THIN_VECTORS 8

static void thin_columns(const struct thin_row *t, ptrdiff_t j) {
  VECTOR sums[THIN_VECTORS];
  for (int v = 0; v < THIN_VECTORS; v++) sums[v] = t->bias ? load(t->bias + j + v * LANES) : splat(t->same);
  const float *row = t->b + j;
  const float *x = t->x;
  for (ptrdiff_t p = 0; p < t->k; p++, row += t->ldb, x += t->x_step) {
    const VECTOR factor = splat(*x);
    for (int v = 0; v < THIN_VECTORS; v++) sums[v] = fma(factor, load(row + v * LANES), sums[v]);
  }
  for (int v = 0; v < THIN_VECTORS; v++) store(t->out + j + v * LANES, sums[v]);
}

/** At most one vector of columns. */
static void few_columns(const struct thin_row *t, ptrdiff_t j, ptrdiff_t count) {
  const MASK mask = first_lanes(count);
  VECTOR sum = t->bias ? load_masked(t->bias + j, mask) : splat(t->same);
  for (ptrdiff_t p = 0; p < t->k; p++) sum = fma(splat(t->x[p * t->x_step]), load_masked(t->b + p * t->ldb + j, mask), sum);
  store_masked(t->out + j, mask, sum);
}

static void multiply_row(const struct thin_row *t, ptrdiff_t from, ptrdiff_t to) {
  ptrdiff_t j = from;
  if (t->transposed && t->x_step == 1) {
    for (; j < to; j += 4) few_dots(t, j, to - j < 4 ? to - j : 4);
  } else if (t->transposed) {
    for (; j < to; j++) {
      float sum = t->bias ? t->bias[j] : t->same;
      for (ptrdiff_t p = 0; p < t->k; p++) sum = __builtin_fmaf(t->x[p * t->x_step], t->b[j * t->ldb + p], sum);
      t->out[j] = sum;
    }
  } else {
    for (; j + THIN_VECTORS * LANES <= to; j += THIN_VECTORS * LANES) thin_columns(t, j);
    for (; j < to; j += LANES) few_columns(t, j, to - j < LANES ? to - j : LANES);
  }
}

static bool is_thin(const struct product *p) { return p->m < 4 || p->n == 1; }

static void multiply_thin(const struct product *p, ptrdiff_t from, ptrdiff_t to) {
  struct thin_row t = {.out = p->out, .k = p->k, .same = 0.0f};
  if (p->n == 1) {
    t.x = p->b;
    t.x_step = p->transposed_b ? 1 : p->ldb;
    t.b = p->a;
    t.ldb = p->lda;
    t.transposed = !p->transposed_a;
    if (p->bias) t.same = p->bias[0];
    multiply_row(&t, from, to);
    activate(p->out + from, 1, 1, to - from, p->activation);
    return;
  }
  t.b = p->b;
  t.ldb = p->ldb;
  t.transposed = p->transposed_b;
  t.bias = p->bias;
  t.x_step = p->transposed_a ? p->lda : 1;
  for (ptrdiff_t row = 0; row < p->m; row++) {
    t.x = p->transposed_a ? p->a + row : p->a + row * p->lda;
    t.out = p->out + row * p->n;
    multiply_row(&t, from, to);
  }
  activate(p->out + from, p->n, p->m, to - from, p->activation);
}
