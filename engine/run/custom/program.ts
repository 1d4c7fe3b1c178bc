import { existsSync } from 'node:fs'
import path from 'node:path'

/** Where the sources and packages lie that the processes of custom nodes run on; in a packaged program, outside its archive. */
export const program = outsideArchive(folderOfPackage(import.meta.dirname))

function folderOfPackage(folder: string): string {
  const parent = path.dirname(folder)
  return existsSync(path.join(folder, 'package.json')) || parent === folder ? folder : folderOfPackage(parent)
}

/** Only Electron reads from inside an archive; what a plain Node needs lies unpacked beside it. */
function outsideArchive(folder: string): string {
  return folder.replace(/\.asar$/, '.asar.unpacked')
}

/**
 * The Node that runs them: this one, but for the desktop program. Electron does not heed Node's permission flags, so there
 * it is the Node that was packed with the program; undefined where none was.
 */
export function plainNode(): string | undefined {
  const isPlain = process.versions.electron === undefined && !program.endsWith('.unpacked')
  if (isPlain) return process.execPath
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = system === 'win' ? 'node.exe' : 'node'
  const file = path.join(program, 'node_modules', `node-${system}-${process.arch}`, 'bin', name)
  return existsSync(file) ? file : undefined
}
