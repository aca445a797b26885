/** What the kernels, the threads and the addon share. */
#ifndef PALATE_PRODUCT_H
#define PALATE_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum activation { ACTIVATION_NONE = 0, ACTIVATION_RELU = 1, ACTIVATION_TANH = 2, ACTIVATION_SIGMOID = 3 };

/** One instruction, checked: out [m, n] = activation(op(a) op(b) + bias). Row lengths are in elements. */
struct product {
  float *out;
  const float *a;
  const float *b;
  /** NULL: none. */
  const float *bias;
  ptrdiff_t m;
  ptrdiff_t n;
  ptrdiff_t k;
  ptrdiff_t lda;
  ptrdiff_t ldb;
  bool transposed_a;
  bool transposed_b;
  /** Units are columns, else rows. */
  bool by_columns;
  enum activation activation;
  ptrdiff_t units;
  ptrdiff_t grain;
  uint32_t strips;
};

/** Longest stretch of K at once. */
#define K_BLOCK 1024
/** Widest group of columns and highest panel of rows of any kernel. */
#define WIDEST_GROUP 32
#define HIGHEST_PANEL 14

/** Memory of one thread alone; all parts begin at cache lines. */
struct scratch {
  _Alignas(64) float zeros[WIDEST_GROUP];
  _Alignas(64) float tile[HIGHEST_PANEL * WIDEST_GROUP];
  _Alignas(64) float group[K_BLOCK * WIDEST_GROUP];
};

/** Computes units from .. to - 1. */
typedef void (*product_kernel)(const struct product *product, ptrdiff_t from, ptrdiff_t to, struct scratch *scratch);

void product_avx512(const struct product *product, ptrdiff_t from, ptrdiff_t to, struct scratch *scratch);
void product_avx2(const struct product *product, ptrdiff_t from, ptrdiff_t to, struct scratch *scratch);

#endif
