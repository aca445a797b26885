/** What the host calls. One instance per thread, one memory for all. */
export { fail, help, run, setUp } from './run'
export { GEMM_SCRATCH } from './gemm-layout'
