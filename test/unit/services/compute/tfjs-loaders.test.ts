import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { packageVersion } from '../../../../src-main/services/compute/loaded-backend.ts'
import { nodeUtilShimCode, supplyNodeUtil } from '../../../../src-main/services/compute/node-util-shim.ts'
import { probeBackend } from '../../../../src-main/services/compute/probe-backend.ts'
import { loadTfjsCpu } from '../../../../src-main/services/compute/tfjs-cpu.ts'
import { loadTfjsNodeGpu } from '../../../../src-main/services/compute/tfjs-node-gpu.ts'
import { loadTfjsWebGpu } from '../../../../src-main/services/compute/tfjs-webgpu.ts'

const root = path.resolve(import.meta.dirname, '../../../..')

test('tfjs-cpu loads everywhere, computes, and greets nobody on the console', async () => {
  const { executor, versions, close } = await loadTfjsCpu()
  expect(executor).toMatchObject({ id: 'tfjs-cpu', device: 'TensorFlow.js 4.22.0 in plain JavaScript' })
  expect(versions).toEqual({ tfjs: '4.22.0' })
  const g = new GraphBuilder('twice')
  g.output('sum', g.sum(g.scale(g.input('x', [3]), 2)))
  expect(
    executor
      .compile(g.build())
      .run({ inputs: { x: Float32Array.of(1, 2, 3) } })
      .scalar('sum'),
  ).toBe(12)
  await close()
})

test.skipIf(packageVersion('@tensorflow/tfjs-node-gpu') !== null)(
  'tfjs-node-gpu, where it is not installed, says so and what to do',
  async () => {
    await expect(loadTfjsNodeGpu()).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message:
        'The compute backend "tfjs-node-gpu" cannot be used: the package @tensorflow/tfjs-node-gpu is not installed. Training on the CPU needs nothing of this. For an NVIDIA GPU run "npm install @tensorflow/tfjs-node-gpu" with network access (it fetches libtensorflow) and install the CUDA libraries that TensorFlow wants.',
      details: { backend: 'tfjs-node-gpu', reason: 'the package @tensorflow/tfjs-node-gpu is not installed' },
    })
    expect(await probeBackend('tfjs-node-gpu')).toEqual({
      state: 'not-installed',
      packageName: '@tensorflow/tfjs-node-gpu',
    })
  },
)

test('tfjs-webgpu, where its thread cannot start, says so and what to do', async () => {
  const entry = path.join(root, 'test/support/sync-thread-unready.ts')
  await expect(loadTfjsWebGpu({ entry })).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    message: expect.stringMatching(
      /^The compute backend "tfjs-webgpu" cannot be used: there is nothing to compute with\. Training on the CPU .*libvulkan1/,
    ),
    details: { backend: 'tfjs-webgpu', reason: 'there is nothing to compute with' },
  })
})

test('a probe that hangs is ended, and says so', async () => {
  const result = await probeBackend('tfjs-webgpu', 1)
  if (packageVersion('webgpu') === null) expect(result).toEqual({ state: 'not-installed', packageName: 'webgpu' })
  else expect(result).toEqual({ state: 'fails', packageName: 'webgpu', reason: 'no answer within 0.001 s' })
})

describe('the function that Node 23 removed from util', () => {
  test('is there for who asks, and an existing one is left alone', () => {
    const util: { isNullOrUndefined?: (value: unknown) => boolean } = {}
    supplyNodeUtil(util)
    expect([null, undefined, 0, '', false].map((value) => util.isNullOrUndefined!(value))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
    const own = () => true
    const older = { isNullOrUndefined: own }
    supplyNodeUtil(older)
    expect(older.isNullOrUndefined).toBe(own)
  })

  test('is there in another process as well', () => {
    const script = `${nodeUtilShimCode} process.stdout.write(String(require('node:util').isNullOrUndefined(undefined)))`
    expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe('true')
  })

  test('is missing upstream up to the version that is pinned: with another one, see whether the shim can go', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      optionalDependencies: Record<string, string>
    }
    expect(manifest.optionalDependencies['@tensorflow/tfjs-node-gpu']).toBe('4.22.0')
    expect([null, '4.22.0']).toContain(packageVersion('@tensorflow/tfjs-node-gpu'))
  })
})
