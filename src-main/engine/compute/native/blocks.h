/** Cuts a product into tiles; included once for each width of vectors. */
#include "product.h"
#include "tile.h"
#include "transpose.h"

#define GROUP (2 * LANES)

/** A rectangle of the result. */
struct range {
  ptrdiff_t row;
  ptrdiff_t row_end;
  ptrdiff_t column;
  ptrdiff_t column_end;
};

/** The first rows of what is left, so that all panels are about equally high: a panel of two rows would waste the vectors. */
static ptrdiff_t next_height(ptrdiff_t left) {
  const ptrdiff_t panels = (left + ROWS - 1) / ROWS;
  return (left + panels - 1) / panels;
}

/** The first columns of what is left. What exceeds a vector by at most half of one is cut, for the kernel of half vectors. */
static ptrdiff_t next_width(ptrdiff_t left) {
  if (left >= GROUP) return GROUP;
  return left > LANES && left <= LANES + LANES / 2 ? LANES : left;
}

/** Points a tile at rows of op(a) from step k0 of K on. */
static void aim_at_rows(struct tile *t, const float *x, ptrdiff_t stride, bool transposed, ptrdiff_t row, ptrdiff_t k0) {
  t->a = transposed ? x + k0 * stride + row : x + row * stride + k0;
  t->a_row = transposed ? 1 : stride;
  t->a_step = transposed ? stride : 1;
}

/** One group of columns, over one block of K: all panels of rows. */
static void multiply_group(
    const struct product *p, const struct range *r, struct tile *t, ptrdiff_t column, ptrdiff_t width, ptrdiff_t k0,
    struct scratch *scratch) {
  const bool ends = k0 + t->depth == p->k;
  for (ptrdiff_t row = r->row; row < r->row_end;) {
    const ptrdiff_t height = next_height(r->row_end - row);
    aim_at_rows(t, p->a, p->lda, p->transposed_a, row, k0);
    t->out = p->out + row * p->n + column;
    if (k0 > 0) {
      t->start = t->out;
      t->start_row = p->n;
    } else {
      t->start = p->bias ? p->bias + column : scratch->zeros;
      t->start_row = 0;
    }
    run_tile(t, height, width);
    if (ends) activate(t->out, p->n, height, width, p->activation);
    row += height;
  }
}

/** b is read where it lies, or in transposed groups; a where it lies. */
static void multiply_upright(const struct product *p, const struct range *r, struct scratch *scratch) {
  struct tile t = {.out_row = p->n};
  const ptrdiff_t blocks = (p->k + K_BLOCK - 1) / K_BLOCK;
  for (ptrdiff_t block = 0; block < blocks; block++) {
    const ptrdiff_t k0 = p->k * block / blocks;
    t.depth = p->k * (block + 1) / blocks - k0;
    for (ptrdiff_t column = r->column; column < r->column_end;) {
      const ptrdiff_t width = next_width(r->column_end - column);
      if (p->transposed_b) {
        transpose(p->b + column * p->ldb + k0, p->ldb, width, t.depth, scratch->group, GROUP);
        t.b = scratch->group;
        t.b_step = GROUP;
      } else {
        t.b = p->b + k0 * p->ldb + column;
        t.b_step = p->ldb;
      }
      multiply_group(p, r, &t, column, width, k0, scratch);
      column += width;
    }
  }
}

/**
 * The same as out' = op(b)' op(a)': where b is transposed and there are few rows, it is cheaper to turn the result, and if need
 * be a, than to turn b. K is not cut.
 */
static void multiply_turned(const struct product *p, const struct range *r, struct scratch *scratch) {
  struct tile t = {.start = scratch->tile, .start_row = GROUP, .out = scratch->tile, .out_row = GROUP, .depth = p->k};
  for (ptrdiff_t row = r->row; row < r->row_end;) {
    const ptrdiff_t width = next_width(r->row_end - row);
    if (p->transposed_a) {
      t.b = p->a + row;
      t.b_step = p->lda;
    } else {
      transpose(p->a + row * p->lda, p->lda, width, p->k, scratch->group, GROUP);
      t.b = scratch->group;
      t.b_step = GROUP;
    }
    for (ptrdiff_t column = r->column; column < r->column_end;) {
      const ptrdiff_t height = next_height(r->column_end - column);
      aim_at_rows(&t, p->b, p->ldb, false, column, 0);
      for (ptrdiff_t i = 0; i < height; i++) {
        const VECTOR start = splat(p->bias ? p->bias[column + i] : 0.0f);
        store(scratch->tile + i * GROUP, start);
        store(scratch->tile + i * GROUP + LANES, start);
      }
      run_tile(&t, height, width);
      activate(scratch->tile, GROUP, height, width, p->activation);
      transpose(scratch->tile, GROUP, height, width, p->out + row * p->n + column, p->n);
      column += height;
    }
    row += width;
  }
}

/** Turning costs about the same per element wherever it is done; each is used `1 / ...` times. */
static bool is_better_turned(const struct product *p, const struct range *r) {
  if (!p->transposed_b || p->k > K_BLOCK) return false;
  const double upright = 1.0 / (double)(r->row_end - r->row);
  const double turned = 1.0 / (double)p->k + (p->transposed_a ? 0.0 : 1.0 / (double)(r->column_end - r->column));
  return turned < upright;
}

static void multiply_block(const struct product *p, ptrdiff_t from, ptrdiff_t to, struct scratch *scratch) {
  const struct range r = p->by_columns ? (struct range){0, p->m, from, to} : (struct range){from, to, 0, p->n};
  if (is_better_turned(p, &r)) multiply_turned(p, &r, scratch);
  else multiply_upright(p, &r, scratch);
}
