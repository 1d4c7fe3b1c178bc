import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseGiven } from './parse-given.ts'
import { currentProject, namedFile } from './project.ts'
import { readPipeline, readSettings, settingPath } from './read-pipeline.ts'
import { testingIo } from './testing-io.ts'

let folder = ''
const at = (...parts: string[]) => path.join(folder, ...parts)
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-cli-')))
  for (const name of ['one/deep/er', 'both/a', 'both/b', 'loose', 'top/only/x'])
    mkdirSync(at(name), { recursive: true })
  for (const name of ['one', 'both/a', 'both/b', 'top/only']) writeFileSync(at(name, 'plumbline.json'), '{"name":"x"}')
  for (const name of ['one/deep/p.plumb.json', 'loose/p.plumb.json', 'one/data.csv', 'loose/data.csv'])
    writeFileSync(at(name), '{}')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const shape = {
  words: 'run',
  positionals: [{ name: 'FILE', optional: true, doc: '' }],
  flags: { project: { value: 'DIR', doc: '' } },
} as const
const given = (...words: string[]) => parseGiven(shape, words)

test('a file belongs to the nearest folder above with a plumbline.json, else to its own, else to what was named', () => {
  const io = testingIo(at('one', 'deep', 'er'))
  expect(namedFile(given('../p.plumb.json'), io)).toEqual({
    path: at('one', 'deep', 'p.plumb.json'),
    project: at('one'),
    file: 'deep/p.plumb.json',
  })
  expect(namedFile(given(at('loose', 'p.plumb.json')), io)).toMatchObject({
    project: at('loose'),
    file: 'p.plumb.json',
  })
  expect(namedFile(given('../p.plumb.json', '--project', '../../../both/a'), io)).toEqual({
    path: at('one', 'deep', 'p.plumb.json'),
    project: at('both', 'a'),
    file: at('one', 'deep', 'p.plumb.json'),
  })
})

test('a missing file names those that are there', () => {
  expect(() => namedFile(given('q.plumb.json'), testingIo(at('one', 'deep')))).toThrow(
    expect.objectContaining({
      problems: [expect.objectContaining({ code: 'file-unreadable', fix: 'Name one that is there: p.plumb.json.' })],
    }),
  )
})

test('without a file: the project above, else the only one just below, else a question', () => {
  expect(currentProject(given(), testingIo(at('one', 'deep', 'er')))).toBe(at('one'))
  expect(currentProject(given(), testingIo(at('top')))).toBe(at('top', 'only'))
  expect(currentProject(given('--project', 'both/b'), testingIo(folder))).toBe(at('both', 'b'))
  expect(() => currentProject(given(), testingIo(at('both')))).toThrow('belongs to no Plumbline project')
  expect(() => currentProject(given('--project', 'nowhere'), testingIo(folder))).toThrow('There is no folder nowhere.')
})

test('paths on the command line start from the working directory; inside the project they are stored relative to it', () => {
  expect(settingPath('../data.csv', at('one'), at('one', 'deep'))).toBe('data.csv')
  expect(settingPath('data.csv', at('one'), at('loose'))).toBe(at('loose', 'data.csv'))
  expect(settingPath('data.csv', at('one'), at('one', 'deep'))).toBe('data.csv')
  expect(settingPath('gone.csv', at('one'), at('loose'))).toBe(at('loose', 'gone.csv'))
  expect(settingPath('', at('one'), at('loose'))).toBe('')
})

test('settings are names and values', () => {
  expect(readSettings(['a=1', 'b=x=y', 'c='])).toEqual({ a: '1', b: 'x=y', c: '' })
  expect(() => readSettings(['nothing'])).toThrow('--set needs a name and a value')
})

test('a folder is no pipeline file', async () => {
  const file = { path: at('one'), project: at('one'), file: 'one' }
  await expect(readPipeline(file)).rejects.toMatchObject({
    code: 'file-unreadable',
    message: 'one can not be read: it is a folder.',
  })
})
