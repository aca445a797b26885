/**
 * What Node sees: `features`, and, where the processor has what the kernels need, `attach`, `run`, `start`, `stop` and
 * `choose`; ../../../services/compute/native-addon.ts says what they do. Each environment that loads the addon, the main
 * thread or a worker, has its own memory and its own threads.
 */
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdlib.h>
#include <string.h>

#include "instruction.h"
#include "strips.h"

struct addon {
  struct memory memory;
  /** Keeps the memory from being collected. */
  napi_ref bytes;
  struct team *team;
};

static bool has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

static bool has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
}

static napi_value fail(napi_env env, const char *what) {
  napi_throw_error(env, "PALATE_NATIVE", what);
  return NULL;
}

/** Reads exactly `count` arguments. @returns the addon's data, or NULL with an error thrown */
static struct addon *arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  size_t given = count;
  struct addon *addon = NULL;
  if (napi_get_cb_info(env, info, &given, values, NULL, (void **)&addon) != napi_ok || given < count) {
    fail(env, "an argument is missing");
    return NULL;
  }
  return addon;
}

static napi_value attach(napi_env env, napi_callback_info info) {
  napi_value value;
  struct addon *addon = arguments(env, info, 1, &value);
  if (!addon) return NULL;
  napi_typedarray_type type;
  size_t length;
  void *base;
  napi_value buffer;
  bool is_array = false;
  napi_is_typedarray(env, value, &is_array);
  if (!is_array || napi_get_typedarray_info(env, value, &type, &length, &base, &buffer, NULL) != napi_ok ||
      type != napi_uint8_array) {
    return fail(env, "attach needs a Uint8Array");
  }
  // The memory behind a buffer of one thread can be taken away from it; that of a shared one stays where it is.
  bool is_private = true;
  if (napi_is_arraybuffer(env, buffer, &is_private) != napi_ok || is_private) {
    return fail(env, "attach needs bytes of a shared memory");
  }
  napi_ref bytes;
  if (napi_create_reference(env, value, 1, &bytes) != napi_ok) return fail(env, "the memory cannot be kept");
  if (addon->bytes) napi_delete_reference(env, addon->bytes);
  addon->bytes = bytes;
  addon->memory = (struct memory){base, length};
  return NULL;
}

static napi_value run(napi_env env, napi_callback_info info) {
  napi_value values[2];
  struct addon *addon = arguments(env, info, 2, values);
  if (!addon) return NULL;
  int64_t address;
  int64_t count;
  if (napi_get_value_int64(env, values[0], &address) != napi_ok || napi_get_value_int64(env, values[1], &count) != napi_ok ||
      address < 0) {
    return fail(env, "run needs an address and a count");
  }
  for (int64_t index = 0; index < count; index++) {
    struct product product;
    const char *trouble = read_product(&addon->memory, (uint64_t)address + (uint64_t)index * INSTRUCTION_BYTES, &product);
    if (trouble) return fail(env, trouble);
    team_multiply(addon->team, &product);
  }
  return NULL;
}

static napi_value start(napi_env env, napi_callback_info info) {
  napi_value value;
  struct addon *addon = arguments(env, info, 1, &value);
  if (!addon) return NULL;
  uint32_t threads;
  if (napi_get_value_uint32(env, value, &threads) != napi_ok || threads < 1) return fail(env, "start needs a number of threads");
  napi_value result = NULL;
  napi_create_uint32(env, team_start(addon->team, threads), &result);
  return result;
}

static napi_value stop(napi_env env, napi_callback_info info) {
  struct addon *addon = arguments(env, info, 0, NULL);
  if (addon) team_start(addon->team, 1);
  return NULL;
}

static napi_value choose(napi_env env, napi_callback_info info) {
  napi_value value;
  struct addon *addon = arguments(env, info, 1, &value);
  if (!addon) return NULL;
  char name[16];
  if (napi_get_value_string_utf8(env, value, name, sizeof name, NULL) != napi_ok) return fail(env, "choose needs a name");
  if (strcmp(name, "avx512") == 0 && has_avx512()) team_use(addon->team, product_avx512);
  else if (strcmp(name, "avx2") == 0) team_use(addon->team, product_avx2);
  else return fail(env, "this processor has no such kernels");
  return NULL;
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  struct addon *addon = data;
  team_destroy(addon->team);
  free(addon);
}

static bool set_text(napi_env env, napi_value exports, const char *name, const char *text) {
  napi_value value;
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok &&
         napi_set_named_property(env, exports, name, value) == napi_ok;
}

NAPI_MODULE_INIT() {
  if (!has_avx2()) {
    set_text(env, exports, "features", "none");
    return exports;
  }
  struct addon *addon = calloc(1, sizeof *addon);
  if (!addon) return fail(env, "there is no memory");
  addon->team = team_create(has_avx512() ? product_avx512 : product_avx2);
  if (!addon->team) {
    free(addon);
    return fail(env, "there is no memory");
  }
  if (napi_set_instance_data(env, addon, finalize, NULL) != napi_ok) {
    finalize(env, addon, NULL);
    return fail(env, "the addon cannot be set up");
  }
  const napi_property_descriptor functions[] = {
      {"attach", NULL, attach, NULL, NULL, NULL, napi_enumerable, addon},
      {"run", NULL, run, NULL, NULL, NULL, napi_enumerable, addon},
      {"start", NULL, start, NULL, NULL, NULL, napi_enumerable, addon},
      {"stop", NULL, stop, NULL, NULL, NULL, napi_enumerable, addon},
      {"choose", NULL, choose, NULL, NULL, NULL, napi_enumerable, addon},
  };
  if (napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions) != napi_ok ||
      !set_text(env, exports, "features", has_avx512() ? "avx512" : "avx2")) {
    return fail(env, "the addon cannot be set up");
  }
  return exports;
}
