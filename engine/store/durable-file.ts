import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'

let next = 0

/** A sibling name no other call of any process has: where a file is written before it is renamed. */
export function siblingName(file: string): string {
  return `${file}.${process.pid}-${next++}.part`
}

/** Writes a file and waits for the disk; the folder is made when missing. */
export function writeDurably(file: string, bytes: Uint8Array | string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  const descriptor = openSync(file, 'w')
  try {
    const content = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes
    for (let at = 0; at < content.length; ) at += writeSync(descriptor, content, at)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Waits until a file that was written by others is on disk. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes renames in a folder lasting; where folders can not be opened the system does it by itself. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Replaces a file at once: readers see the old content or the new, never a part. `last` may throw before it happens. */
export function replaceFile(file: string, bytes: Uint8Array | string, last?: () => void): void {
  const part = siblingName(file)
  try {
    writeDurably(part, bytes)
    last?.()
    renameSync(part, file)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
  syncFolder(path.dirname(file))
}
