import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Hash } from '#contract'
import { openContentFiles } from './content-files.ts'
import { hashBytes, hashFile, hashLargeFile } from './hashing.ts'
import { openStagedBlobs } from './staged-blobs.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const bytes = fc.uint8Array({ maxLength: 200 })

test('what is put is got back under the SHA-256 of its content', async () => {
  const files = openContentFiles(folder)
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      const hash = await files.put(content)
      expect(hash).toBe(hashBytes(content))
      expect(new Uint8Array(await files.get(hash))).toEqual(content)
      expect(files.size(hash)).toBe(content.length)
    }),
  )
})

test('a known hash', async () => {
  const files = openContentFiles(folder)
  const hash = await files.put(Buffer.from('abc'))
  expect(hash).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(files.path(hash)).toBe(path.join(folder, 'ba', hash.slice(2)))
})

test('any changed, added or missing byte makes the content absent, and putting it again repairs it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 50 }),
      fc.nat(),
      fc.constantFrom('flip', 'cut', 'add'),
      async (content, at, how) => {
        const files = openContentFiles(folder)
        const hash = await files.put(content)
        const damaged = Buffer.from(content)
        if (how === 'flip') damaged[at % content.length]! ^= 1
        writeFileSync(
          files.path(hash),
          how === 'cut' ? damaged.subarray(1) : how === 'add' ? Buffer.concat([damaged, damaged]) : damaged,
        )
        expect(await files.verify(hash)).toBe(false)
        expect(await openContentFiles(folder).holds(hash)).toBe(false)
        await expect(openContentFiles(folder).get(hash)).rejects.toMatchObject({ code: 'artifact-damaged' })
        await files.put(content)
        expect(await files.verify(hash)).toBe(true)
      },
    ),
    { numRuns: 40 },
  )
})

test('a byte that changes while size and time stay is found by verify and by the next process', async () => {
  const files = openContentFiles(folder)
  const hash = await files.put(Buffer.from('abc'))
  const { atime, mtime } = statSync(files.path(hash))
  writeFileSync(files.path(hash), 'abd')
  utimesSync(files.path(hash), atime, mtime)
  expect(await files.verify(hash)).toBe(false)
  expect(await openContentFiles(folder).holds(hash)).toBe(false)
})

test('adopting moves a file in, or drops it when the content is there', async () => {
  const files = openContentFiles(path.join(folder, 'store'))
  const place = path.join(folder, 'temporary')
  for (const round of [1, 2]) {
    writeFileSync(place, 'content')
    const hash = await files.adopt(place)
    expect(readFileSync(files.path(hash), 'utf8'), `round ${round}`).toBe('content')
    expect(statSync(place, { throwIfNoEntry: false })).toBeUndefined()
  }
})

test('what is not there is absent', async () => {
  const files = openContentFiles(folder)
  const none = '0'.repeat(64) as Hash
  expect(await files.holds(none)).toBe(false)
  expect(files.exists(none)).toBe(false)
  expect(files.size(none)).toBeUndefined()
})

test('both ways of hashing a file agree with hashing its bytes', async () => {
  const content = Buffer.alloc(3_000_001, 'plumbline')
  const file = path.join(folder, 'large')
  writeFileSync(file, content)
  expect(hashFile(file)).toBe(hashBytes(content))
  expect(await hashLargeFile(file)).toBe(hashBytes(content))
})

test('staged content is seen by its step alone until it is published', async () => {
  const files = openContentFiles(path.join(folder, 'store'))
  const shared = await files.put(Buffer.from('shared'))
  const stage = path.join(folder, 'stage')
  const blobs = openStagedBlobs(files, stage)
  const own = await blobs.put(Buffer.from('own'))
  expect(await blobs.put(Buffer.from('shared'))).toBe(shared)
  expect(blobs.written()).toEqual([own])
  expect(Buffer.from(await blobs.get(own)).toString()).toBe('own')
  expect(Buffer.from(await blobs.get(shared)).toString()).toBe('shared')
  expect(blobs.path(shared)).toBe(files.path(shared))
  expect(files.exists(own)).toBe(false)
  files.publish(stage, blobs.written())
  expect(Buffer.from(await files.get(own)).toString()).toBe('own')
  expect(blobs.knows(own)).toBe(true)
})

test('staging replaces content that is damaged in the store', async () => {
  const files = openContentFiles(path.join(folder, 'store'))
  const hash = await files.put(Buffer.from('content'))
  writeFileSync(files.path(hash), 'other!!')
  const stage = path.join(folder, 'stage')
  const blobs = openStagedBlobs(openContentFiles(path.join(folder, 'store')), stage)
  const place = path.join(folder, 'temporary')
  writeFileSync(place, 'content')
  expect(await blobs.adopt(place)).toBe(hash)
  expect(blobs.written()).toEqual([hash])
  files.publish(stage, [hash])
  expect(await files.verify(hash)).toBe(true)
})
