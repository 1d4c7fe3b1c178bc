// node scripts/build-kernels.mjs: compiles the AssemblyScript kernels to the committed .wasm files beside them.
import './node24.mjs'
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { root } from './node24.mjs'

const kernels = [
  { source: 'engine/compute/wasm/dense/assembly/index.ts', target: 'engine/compute/wasm/dense/dense.wasm' },
  { source: 'engine/compute/wasm/trees/assembly/index.ts', target: 'engine/compute/wasm/trees/trees.wasm' },
  { source: 'engine/compute/wasm/shap/assembly/index.ts', target: 'engine/compute/wasm/shap/shap.wasm' },
  { source: 'engine/compute/wasm/forest/assembly/index.ts', target: 'engine/compute/wasm/forest/forest.wasm' },
]
const options = [
  ...['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--importMemory', '--sharedMemory'],
  ...['--initialMemory', '16', '--maximumMemory', '65536', '--memoryBase', '1024'],
  ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory', '--disableWarning'],
]
for (const { source, target } of kernels) {
  const compiler = path.join(root, 'node_modules/assemblyscript/bin/asc.js')
  const result = spawnSync(process.execPath, [compiler, source, '-o', target, ...options], {
    cwd: root,
    stdio: 'inherit',
  })
  if (result.status !== 0) process.exit(result.status ?? 1)
  console.log(`${target} is fresh.`)
}
