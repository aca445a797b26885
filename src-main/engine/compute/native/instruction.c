/**
 * Instructions as the program writes them: 16 words of 4 bytes, which ../kernels/assembly/gemm.ts and
 * ../kernels/encoders/encoding.types.ts describe. They are copied before they are looked at, because other threads can write
 * to the memory: what was checked is what is carried out.
 */
#include "instruction.h"

#include <string.h>

enum word {
  OPCODE = 0,
  STRIPS = 1,
  UNITS = 2,
  GRAIN = 3,
  OUT = 4,
  A = 5,
  B = 6,
  BIAS = 7,
  ROWS = 8,
  COLUMNS = 9,
  DEPTH = 10,
  FLAGS = 11,
  ROW_OF_A = 12,
  ROW_OF_B = 13
};

/** As in ../kernels/opcodes.ts. */
enum { OP_GEMM = 1 };

enum { TRANSPOSED_A = 1, TRANSPOSED_B = 2, BY_COLUMNS = 4, ACTIVATION_SHIFT = 4 };

/** The state word of strips.c has 16 bits for them. */
enum { MOST_STRIPS = 0xffff };

/** @returns the matrix at `address`, whose last row begins (rows - 1) * stride elements behind, or NULL when it is not inside */
static float *matrix(const struct memory *memory, int32_t address, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride) {
  const uint64_t at = (uint32_t)address;
  if (at % sizeof(float) != 0 || at > memory->size || stride < columns) return NULL;
  const uint64_t elements = (uint64_t)(rows - 1) * (uint64_t)stride + (uint64_t)columns;
  if (elements > (memory->size - at) / sizeof(float)) return NULL;
  return (float *)(memory->base + at);
}

/** What a product is cut by: one column by rows and a few rows by columns, whatever the flag says. */
static bool is_cut_by_columns(const struct product *p, int32_t flags) {
  return p->n > 1 && (p->m < 4 || (flags & BY_COLUMNS) != 0);
}

const char *read_product(const struct memory *memory, uint64_t address, struct product *p) {
  if (memory->base == NULL) return "no memory is attached";
  if (address % sizeof(int32_t) != 0 || memory->size < INSTRUCTION_BYTES || address > memory->size - INSTRUCTION_BYTES) {
    return "an instruction lies outside the memory";
  }
  int32_t words[INSTRUCTION_BYTES / sizeof(int32_t)];
  memcpy(words, memory->base + address, sizeof words);
  if (words[OPCODE] != OP_GEMM) return "an instruction is not a matrix product";
  const int32_t flags = words[FLAGS];
  if (flags < 0 || flags >> ACTIVATION_SHIFT > ACTIVATION_SIGMOID) return "an instruction has an unknown activation";
  if (words[ROWS] < 1 || words[COLUMNS] < 1 || words[DEPTH] < 1) return "a matrix is empty";
  p->m = words[ROWS];
  p->n = words[COLUMNS];
  p->k = words[DEPTH];
  p->lda = words[ROW_OF_A];
  p->ldb = words[ROW_OF_B];
  p->transposed_a = (flags & TRANSPOSED_A) != 0;
  p->transposed_b = (flags & TRANSPOSED_B) != 0;
  p->activation = (enum activation)(flags >> ACTIVATION_SHIFT);
  p->by_columns = is_cut_by_columns(p, flags);
  p->out = matrix(memory, words[OUT], p->m, p->n, p->n);
  p->a = matrix(memory, words[A], p->transposed_a ? p->k : p->m, p->transposed_a ? p->m : p->k, p->lda);
  p->b = matrix(memory, words[B], p->transposed_b ? p->n : p->k, p->transposed_b ? p->k : p->n, p->ldb);
  p->bias = words[BIAS] == 0 ? NULL : matrix(memory, words[BIAS], 1, p->n, p->n);
  if (!p->out || !p->a || !p->b || (words[BIAS] != 0 && !p->bias)) return "a matrix lies outside the memory";
  p->units = words[UNITS];
  p->grain = words[GRAIN];
  if (p->units != (p->by_columns ? p->n : p->m)) return "the units of an instruction are not those of its result";
  if (words[STRIPS] < 1 || words[STRIPS] > MOST_STRIPS || p->grain < 1) return "an instruction has impossible strips";
  p->strips = (uint32_t)words[STRIPS];
  return NULL;
}
