import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pythonOf as installedPython } from '../parity/main.ts'
import type { Environment } from './cases.ts'

const folder = path.resolve(import.meta.dirname, '../parity')
/** Pure peers whose own requirements would drag others down, so they come without; on the path of the core environment. */
const apart = ['woodelf_explainer==0.4.8', 'treelite==4.8.1']
const apartFolder = path.join(folder, '.venv-bench')

/** The command of a Python with the peers of an environment, installed when missing; undefined where there is none. */
export function pythonOf(environment: Environment): string | undefined {
  if (environment === 'torch') return pythonWithTorch()
  const python = path.join(folder, `.venv-${environment}`, 'bin', 'python')
  return existsSync(python) ? python : installedPython(environment)
}

/** `PLUMBLINE_TORCH_PYTHON`, the environment that `npm run parity` makes, or a Python at hand that has PyTorch. */
function pythonWithTorch(): string | undefined {
  const own = path.join(folder, '.venv-neural', 'bin', 'python')
  const candidates = [process.env['PLUMBLINE_TORCH_PYTHON'], own, '/usr/bin/python3', 'python3']
  return candidates.find((python) => python && spawnSync(python, ['-c', 'import torch']).status === 0)
}

/** Installs the peers that come without their requirements, and gives the folder they are in. */
export function peersApart(python: string): string {
  const ready = path.join(apartFolder, 'ready')
  if (existsSync(ready)) return apartFolder
  const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', apartFolder, ...apart]
  if (spawnSync(python, install, { stdio: 'inherit' }).status === 0) writeFileSync(ready, apart.join('\n'))
  return apartFolder
}
