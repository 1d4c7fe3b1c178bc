import { existsSync } from 'node:fs'
import path from 'node:path'

const own = folderOfPackage(import.meta.dirname)
const isPacked = own.endsWith('.asar')

/**
 * Where the sources and packages lie that the processes of custom nodes run on. A packaged program is an archive, which
 * only Electron can read: there they lie beside it, with a Node of their own.
 */
export const program = isPacked ? path.join(path.dirname(own), 'fenced') : own

/** Where native packages are found. */
export const nativesFolder = isPacked ? `${own}.unpacked` : own

function folderOfPackage(folder: string): string {
  const parent = path.dirname(folder)
  return existsSync(path.join(folder, 'package.json')) || parent === folder ? folder : folderOfPackage(parent)
}

/**
 * The Node that runs them: this one, but for the desktop program. Electron does not heed Node's permission flags, so there
 * it is the Node that came with the program; undefined where none did.
 */
export function plainNode(): string | undefined {
  if (process.versions.electron === undefined && !isPacked) return process.execPath
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = system === 'win' ? 'node.exe' : 'node'
  const file = path.join(program, 'node_modules', `node-${system}-${process.arch}`, 'bin', name)
  return existsSync(file) ? file : undefined
}
