import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { RunContext } from '#contract'

/** Written whole or not at all; without a file nothing is kept. */
export function checkpointFile(file: string | undefined): RunContext['checkpoint'] {
  return {
    async read() {
      if (file === undefined) return undefined
      return readFile(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
    },
    async write(bytes) {
      if (file === undefined) return
      mkdirSync(path.dirname(file), { recursive: true })
      const half = `${file}.${process.pid}.half`
      try {
        await writeFile(half, bytes, { flush: true })
        renameSync(half, file)
      } finally {
        rmSync(half, { force: true })
      }
    },
  }
}
