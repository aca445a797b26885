/** What the host calls. One instance per thread, one memory for all. */
export { fail, help, run, setUp } from './run'
export { GEMM_SCRATCH } from './gemm-layout'
/** For the host to see what a tile of each width costs. */
export { tile6 } from './gemm'
export { wideTile6 } from './gemm-wide'
