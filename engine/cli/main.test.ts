import { spawnSync } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from './commands.ts'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

async function plumbline(...words: string[]) {
  const io = testingIo(os.tmpdir())
  return { code: await main(words, io), ...io.written }
}

describe('help', () => {
  test.each([['--help'], ['-h'], ['help']])('%s names every command', async (word) => {
    const { code, out } = await plumbline(word)
    expect(code).toBe(0)
    for (const command of commands) expect(out).toContain(`  ${command.words} `)
  })

  test.each(commands.map(({ words }) => words))('%s --help says how it is used', async (words) => {
    const { code, out, error } = await plumbline(...words.split(' '), '--help')
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toContain(`Usage: plumbline ${words}`)
    expect(out).toContain('--help')
  })

  test('each command knows its own name and summary', async () => {
    for (const entry of commands) {
      const command = await entry.load()
      expect([command.words, command.summary]).toEqual([entry.words, entry.summary])
    }
  })

  test('no words show the overview and are no success', async () => {
    expect(await plumbline()).toMatchObject({ code: 2, out: expect.stringContaining('Usage: plumbline COMMAND') })
  })

  test('--version is that of the package', async () => {
    expect((await plumbline('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('what it does not know', () => {
  test.each([
    [['runn'], 'There is no command "runn".\nUse "plumbline run".'],
    [['qqqqqq'], 'There is no command "qqqqqq".\nSee "plumbline --help".'],
    [['runs', 'shwo', 'x'], '"plumbline runs" has no command "shwo".\nUse "plumbline runs show".'],
    [['run', 'x', '--jsn'], '"plumbline run" has no option --jsn.\nUse --json.'],
    [['validate'], '"plumbline validate" needs FILE: the pipeline file, NAME.plumb.json.'],
    [['nodes', 'a', 'b'], '"plumbline nodes" does not know what to do with "b".'],
    [['lineage', 'x', '--format', 'png'], '--format is text, json or dot, not "png".'],
  ])('%j is answered with a suggestion and exit code 2', async (words, message) => {
    const { code, error } = await plumbline(...words)
    expect(code).toBe(2)
    expect(error).toContain(message)
  })

  test('a file that is not there', async () => {
    expect(await plumbline('validate', 'no-such.plumb.json')).toMatchObject({
      code: 2,
      error: expect.stringContaining('There is no file no-such.plumb.json.'),
    })
  })

  test('with --json problems are JSON on standard output', async () => {
    const { out } = await plumbline('validate', 'no-such.plumb.json', '--json')
    expect(JSON.parse(out)).toMatchObject({ type: 'problem', code: 'file-unreadable' })
  })
})

test('the bin runs under the Node that started this test, from any folder', () => {
  const bin = path.resolve(import.meta.dirname, '../../bin/plumbline.mjs')
  const result = spawnSync(process.execPath, [bin, 'runs', 'shwo'], { cwd: os.tmpdir(), encoding: 'utf8' })
  expect(result.status).toBe(2)
  expect(result.stderr).toBe('"plumbline runs" has no command "shwo".\nUse "plumbline runs show".\n')
})
