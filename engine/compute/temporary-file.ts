import { mkdirSync } from 'node:fs'
import path from 'node:path'

let next = 0

/** A path in the temporary folder that no other call of this or another process gets. */
export function temporaryFile(folder: string, extension: string): string {
  mkdirSync(folder, { recursive: true })
  return path.join(folder, `${process.pid}-${next++}.${extension}`)
}
