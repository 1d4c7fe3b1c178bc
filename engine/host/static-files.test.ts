import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readStatic } from './static-files.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-static-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const served = path.join(folder, 'renderer')
mkdirSync(path.join(served, 'assets'), { recursive: true })
writeFileSync(path.join(served, 'index.html'), '<!doctype html>')
writeFileSync(path.join(served, 'assets', 'a.js'), 'export {}')
writeFileSync(path.join(folder, 'secret.txt'), 'secret')
mkdirSync(path.join(folder, 'renderer-other'))
writeFileSync(path.join(folder, 'renderer-other', 'a.js'), 'secret')

test('the root is the page, files have their types', async () => {
  expect(await readStatic(served, '/')).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' })
  expect(await readStatic(served, '/assets/a.js')).toMatchObject({
    status: 200,
    type: 'text/javascript; charset=utf-8',
  })
  expect(await readStatic(served, '/assets/b.js')).toEqual({ status: 404 })
  expect(await readStatic(served, '/assets')).toEqual({ status: 404 })
})

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/../../secret.txt',
  '/..%5csecret.txt',
  '/../renderer-other/a.js',
  '//secret.txt/../../secret.txt',
  '/index.html%00.js',
  '/%',
])('%s gives nothing from outside the folder', async (wanted) => {
  const answer = await readStatic(served, wanted)
  expect(answer.status).not.toBe(200)
})
