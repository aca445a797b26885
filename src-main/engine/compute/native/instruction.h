#ifndef PALATE_INSTRUCTION_H
#define PALATE_INSTRUCTION_H

#include "product.h"

/** Bytes of an instruction. */
#define INSTRUCTION_BYTES 64

/** The memory in which all arrays and instructions lie. It grows, and never moves. */
struct memory {
  char *base;
  uint64_t size;
};

/**
 * Reads the instruction at `address` and checks that all it touches lies in the memory.
 * @returns NULL, or what is wrong with it, in words
 */
const char *read_product(const struct memory *memory, uint64_t address, struct product *product);

#endif
