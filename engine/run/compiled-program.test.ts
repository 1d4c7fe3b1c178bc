import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { fileStamp } from './compiled-program.ts'

test('a stamp tells of a change also where size and time were put back', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-stamp-'))
  try {
    const file = path.join(folder, 'source.ts')
    expect(fileStamp(file)).toBeUndefined()
    expect(fileStamp(folder)).toBeUndefined()
    writeFileSync(file, 'one')
    const time = new Date('2026-01-02T03:04:05Z')
    utimesSync(file, time, time)
    const before = fileStamp(file)
    expect(fileStamp(file)).toBe(before)
    // The clock of a file system ticks every few milliseconds.
    const { ctimeMs } = statSync(file)
    do writeFileSync(file, 'two')
    while (statSync(file).ctimeMs === ctimeMs)
    utimesSync(file, time, time)
    expect(statSync(file).mtime).toEqual(time)
    expect(fileStamp(file)).not.toBe(before)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
