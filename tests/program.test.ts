import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { describeNode } from '#graph/describe-node'
import { catalogue } from '#nodes'
import { compiledProgram } from '#run/compiled-program'
import { ensureProgram } from '../scripts/build.mjs'

const root = path.resolve(import.meta.dirname, '..')

test('the compiled program runs a pipeline, and the sources find each of its results in the cache', {
  timeout: 120_000,
}, async () => {
  const made = await ensureProgram()
  const project = mkdtempSync(path.join(os.tmpdir(), 'plumbline-program-'))
  for (const file of ['plumbline.json', 'loan-approval.plumb.json', 'loans.csv'])
    cpSync(path.join(root, 'examples', file), path.join(project, file))
  const run = (main: string) => {
    const code = `const { main } = await import(${JSON.stringify(pathToFileURL(main).href)})\nprocess.exitCode = await main(['run', 'loan-approval.plumb.json', '--to', 'model', '--json'])`
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      cwd: project,
      encoding: 'utf8',
    })
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; node?: string; status?: string })
      .flatMap(({ node, status }) => (node !== undefined && ['done', 'cached'].includes(status ?? '') ? [status] : []))
  }
  try {
    expect(existsSync(made.main)).toBe(true)
    const first = run(made.main)
    expect(first.length).toBeGreaterThan(4)
    expect(new Set(first)).toEqual(new Set(['done']))
    expect(run(path.join(root, 'engine/cli/main.ts'))).toEqual(first.map(() => 'cached'))
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
})

test('the compiled program knows the form of each node', { timeout: 120_000 }, async () => {
  await ensureProgram()
  const forms = catalogue.map((node) => [node.type, describeNode(node)] as const)
  expect(compiledProgram()?.forms()).toEqual(
    Object.fromEntries(forms.map(([type, { params, defaults }]) => [type, { params, defaults }])),
  )
})
