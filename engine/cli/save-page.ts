import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ProblemError } from '#contract'
import type { Io } from './io.ts'

/** Saves a page where --html says, else under its own name in the folder one is in, and tells where. */
export async function savePage(io: Io, where: string | undefined, page: { name: string; html: string }): Promise<void> {
  const file = path.resolve(io.cwd, where ?? page.name)
  try {
    await writeFile(file, page.html)
  } catch (cause) {
    throw new ProblemError(
      {
        code: 'file-unreadable',
        message: `${file} can not be written: ${(cause as Error).message}.`,
        fix: 'Name a file in a folder that exists with --html FILE.',
      },
      { cause },
    )
  }
  io.out.write(`Saved ${file}\n`)
}
