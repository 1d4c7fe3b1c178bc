import { accessSync, constants, mkdirSync } from 'node:fs'
import path from 'node:path'
import { ProblemError } from '#contract'

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'its disk can only be read',
  EEXIST: 'a file of that name is in the way',
  ENOTDIR: 'a file is in the way',
  ENOSPC: 'the disk is full',
}

/** Makes a folder, with those above it, that can be written to; says why where that is not possible. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new ProblemError(
      {
        code: 'file-unreadable',
        message: `The folder ${path.resolve(folder)} can not be made or written to: ${reasons[code ?? ''] ?? message}.`,
        fix: 'Choose a folder that you may write to, for a project with --project DIR.',
      },
      { cause },
    )
  }
}
