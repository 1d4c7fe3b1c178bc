import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonValue } from '#contract'
import { main } from './main.ts'
import { testingIo } from './testing-io.ts'

let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-run-test-')))
  mkdirSync(path.join(folder, 'project', 'sub'), { recursive: true })
  writeFileSync(path.join(folder, 'project', 'plumbline.json'), '{"name":"Test"}')
  writeFileSync(path.join(folder, 'project', 'p.plumb.json'), pipeline())
  const lines = Array.from({ length: 60 }, (_, row) => `${row % 7},${row % 2 ? 'yes' : 'no'}`)
  writeFileSync(path.join(folder, 'small.csv'), `x,y\n${lines.join('\n')}\n`)
  writeFileSync(
    path.join(folder, 'constant.csv'),
    `x,y\n${lines.map((line) => line.replace(/no$/, 'yes')).join('\n')}\n`,
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Rows, a split, a model, its evaluation, a gate whose limit is a named input. */
function pipeline(): string {
  const node = (type: string, params: Record<string, JsonValue> = {}) => ({ type, version: 1, params })
  return JSON.stringify({
    format: 1,
    name: 'Small',
    nodes: {
      rows: node('data/example', { rows: 300 }),
      split: node('data/split'),
      model: node('train/linear', { folds: 0 }),
      evaluate: node('assess/evaluate'),
      gate: node('release/gate', { checks: [{ metric: 'roc_auc', operator: '>=', limit: 0.1, label: '' }] }),
    },
    edges: [
      'rows.table split.table',
      'split.table model.table',
      'split.table evaluate.table',
      'model.model evaluate.model',
      'evaluate.evaluation gate.evaluation',
    ].map((wire) => {
      const [from, to] = wire.split(' ')
      return { from, to }
    }),
    inputs: { penalty: 'model.penalty', limit: 'gate.checks.0.limit' },
  })
}

async function plumbline(...words: string[]) {
  const io = testingIo(path.join(folder, 'project'))
  const code = await main(words, io)
  return { code, ...io.written, out: io.written.out.replaceAll('\u00a0', ' ') }
}
const events = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const statuses = (out: string) =>
  Object.fromEntries(
    events(out)
      .filter(({ type }) => type === 'step')
      .map(({ node, status }) => [node, status]),
  )

describe('plumbline run', () => {
  test('runs, says so, and takes everything from the cache the second time', async () => {
    const first = await plumbline('run', 'p.plumb.json')
    expect(first).toMatchObject({ code: 0, error: '' })
    expect(first.out).not.toContain('plumbline report')
    expect(first.out).toMatch(/^✓ rows/m)
    expect(first.out).toMatch(/^Run \S+ is done after .*: 5 nodes ran\.$/m)
    const second = await plumbline('run', 'p.plumb.json', '--json')
    expect(second.code).toBe(0)
    expect(statuses(second.out)).toEqual({
      rows: 'cached',
      split: 'cached',
      model: 'cached',
      evaluate: 'cached',
      gate: 'cached',
    })
    expect(events(second.out).at(-1)).toMatchObject({ type: 'run', status: 'done', id: expect.any(String) })
    expect(events(second.out).filter(({ type }) => type === 'run')).toHaveLength(1)
  })

  test('--set re-runs only what depends on it; a failed gate is exit code 3', async () => {
    const { code, out } = await plumbline('run', 'p.plumb.json', '--set', 'limit=0.999', '--json')
    expect(code).toBe(3)
    expect(statuses(out)).toMatchObject({ model: 'cached', evaluate: 'cached', gate: 'done' })
    expect(events(out).at(-1)).toMatchObject({ type: 'run', status: 'gate-failed', verdict: 'fail' })
  })

  test('--to runs a node and what feeds it', async () => {
    const { code, out } = await plumbline('run', 'p.plumb.json', '--to', 'split', '--json')
    expect(code).toBe(0)
    expect(Object.keys(statuses(out)).sort()).toEqual(['rows', 'split'])
    expect((await plumbline('run', 'p.plumb.json', '--to', 'spilt')).error).toContain('Name the node "split"')
  })

  test('--no-cache runs everything, to the same artifacts', async () => {
    const artifacts = (out: string) =>
      events(out)
        .filter(({ type, status }) => type === 'step' && (status === 'done' || status === 'cached'))
        .map(({ node, outputs }) => [node, outputs])
    const cached = await plumbline('run', 'p.plumb.json', '--json')
    const again = await plumbline('run', 'p.plumb.json', '--no-cache', '--json')
    expect(statuses(again.out)).toMatchObject({ rows: 'done', model: 'done' })
    expect(artifacts(again.out).sort()).toEqual(artifacts(cached.out).sort())
  })

  test('problems stop it before anything runs, exit code 2', async () => {
    const { code, out } = await plumbline('run', 'p.plumb.json', '--set', 'penalty=-1', '--json')
    expect(code).toBe(2)
    expect(events(out)).toMatchObject([{ type: 'problem', code: 'parameter-bad', node: 'model' }])
    expect((await plumbline('run', 'p.plumb.json', '--set', 'penatly=1')).error).toContain('Set "penalty".')
  })

  test('a node that fails is exit code 1, with cause and cure; paths of --set start from the working directory', async () => {
    const file = path.join(folder, 'project', 'sub', 'csv.plumb.json')
    const node = (type: string, params = {}) => ({ type, version: 1, params })
    writeFileSync(
      file,
      JSON.stringify({
        format: 1,
        name: 'CSV',
        nodes: {
          read: node('data/read-file', { path: 'nothing.csv' }),
          model: node('train/linear', { target: 'y', folds: 0 }),
        },
        edges: [{ from: 'read.table', to: 'model.table' }],
        inputs: { data: 'read.path' },
      }),
    )
    expect(await plumbline('run', 'sub/csv.plumb.json', '--set', 'data=../small.csv')).toMatchObject({ code: 0 })
    const failed = await plumbline('run', 'sub/csv.plumb.json', '--set', 'data=../constant.csv')
    expect(failed.code).toBe(1)
    expect(failed.out).toContain('[target-constant at model')
  })
})

describe('what is recorded', () => {
  const lastRun = async () =>
    (JSON.parse((await plumbline('runs', '--json', '--limit', '1')).out) as { id: string }[])[0]!.id

  test('runs, runs show, runs diff', async () => {
    await plumbline('run', 'p.plumb.json')
    const a = await lastRun()
    await plumbline('run', 'p.plumb.json', '--set', 'penalty=50')
    const b = await lastRun()
    expect((await plumbline('runs')).out.split('\n')[1]).toMatch(new RegExp(`^${b}  ✓ done `))
    const shown = await plumbline('runs', 'show', 'last')
    expect(shown.out).toMatch(/✓\s+model\s+train\/linear/)
    expect(shown.out).toContain('Environment')
    const differences = (await plumbline('runs', 'diff', a, b)).out
    expect(differences).toMatch(/model\.penalty\s+1\s+→\s+50/)
    const figures = [...differences.matchAll(/ ([−\d.]+)\s+→\s+([−\d.]+)\s+[+−±][\d.]+$/gm)]
    expect(figures.length).toBeGreaterThan(3)
    for (const [line, from, to] of figures) expect(from, line).not.toBe(to)
    expect(differences).toMatch(/model\.model\s+[0-9a-f]{12}\s+→\s+[0-9a-f]{12}/)
    expect((await plumbline('runs', 'diff', a, a)).out).toContain('Nothing differs.')
    expect((await plumbline('runs', 'show', 'zzz')).error).toContain('This project has no run "zzz".')
  })

  test('lineage of a run and of an artifact, as text, JSON and DOT', async () => {
    await plumbline('run', 'p.plumb.json')
    const detail = JSON.parse((await plumbline('runs', 'show', 'last', '--json')).out)
    const model = detail.steps.find((step: { node: string }) => step.node === 'model').outputs.model.hash as string
    const text = (await plumbline('lineage', model)).out
    expect(text.indexOf('data/example')).toBeGreaterThanOrEqual(0)
    const graph = JSON.parse((await plumbline('lineage', 'last', '--format', 'json')).out)
    expect(graph.arrows.length).toBeGreaterThan(5)
    expect((await plumbline('lineage', 'last', '--format', 'dot')).out).toContain('digraph lineage {')
  })

  test('why names the changed part of the key', async () => {
    await plumbline('run', 'p.plumb.json')
    expect((await plumbline('why', 'p.plumb.json', 'model')).out).toBe(
      '"model" is up to date: a run takes it from the cache.\n',
    )
    const { out } = await plumbline('why', 'p.plumb.json', 'model', '--set', 'penalty=7')
    expect(out).toContain('would run again')
    expect(out).toContain('penalty 1 → 7')
    expect((await plumbline('why', 'p.plumb.json', 'modle')).error).toContain('Name the node "model".')
  })

  test('runs verify holds, and names a changed byte', async () => {
    await plumbline('run', 'p.plumb.json')
    expect(await plumbline('runs', 'verify', 'last')).toMatchObject({
      code: 0,
      out: expect.stringContaining('as they were recorded'),
    })
    const detail = JSON.parse((await plumbline('runs', 'show', 'last', '--json')).out)
    const hash = detail.steps.find((step: { node: string }) => step.node === 'model').outputs.model.hash as string
    const [file] = globSync(`**/*${hash.slice(2)}*`, { cwd: path.join(folder, 'project', '.plumbline') })
    const damaged = path.join(folder, 'project', '.plumbline', file!)
    const before = readFileSync(damaged)
    rmSync(damaged)
    writeFileSync(damaged, before)
    appendFileSync(damaged, ' ')
    const found = await plumbline('runs', 'verify', 'last')
    expect(found.code).toBe(1)
    expect(found.out).toContain(hash.slice(0, 12))
    rmSync(damaged)
    writeFileSync(damaged, before)
    expect(createHash('sha256').update(before).digest('hex')).toBe(hash)
  })
})

test('Ctrl+C cancels, exit code 130; what was done stays', { timeout: 120_000 }, async () => {
  const bin = path.resolve(import.meta.dirname, '../../bin/plumbline.mjs')
  const file = path.join(folder, 'project', 'p.plumb.json')
  const words = ['run', file, '--json', '--set', 'rows.rows=400000', '--set', 'model.folds=10']
  const child = spawn(process.execPath, [bin, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let asked = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    if (asked || !/"node":"model","type":"step","status":"running"|"node":"model".*"running"/.test(out)) return
    asked = true
    child.kill('SIGINT')
  })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  expect({ code, last: events(out).at(-1) }).toMatchObject({ code: 130, last: { type: 'run', status: 'cancelled' } })
  expect(statuses(out)).toMatchObject({ rows: 'done', split: 'done', model: 'cancelled' })
  const again = await plumbline('run', 'p.plumb.json', '--json', '--to', 'split', '--set', 'rows.rows=400000')
  expect(statuses(again.out)).toEqual({ rows: 'cached', split: 'cached' })
})

describe('report and review', () => {
  const artifact = (hash: string) => {
    const file = path.join(folder, 'project', '.plumbline', 'artifacts', hash.slice(0, 2), hash.slice(2))
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  }

  test('a report is saved where it was asked for, and its review comes back', async () => {
    const node = (type: string, params = {}) => ({ type, version: 1, params })
    const wires = [
      'rows.table split.table',
      'split.table model.table',
      'split.table audit.table',
      'model.model audit.model',
      'model.model report.model',
      'audit.evaluation report.evaluation',
      'rows.table zz.table',
    ]
    const document = {
      format: 1,
      name: 'Report',
      nodes: {
        rows: node('data/example', { rows: 1_500 }),
        split: node('data/split'),
        model: node('train/linear', { folds: 0 }),
        audit: node('fairness/audit'),
        report: node('fairness/report'),
        zz: node('data/profile'),
      },
      edges: wires.map((wire) => ({ from: wire.split(' ')[0], to: wire.split(' ')[1] })),
    }
    writeFileSync(path.join(folder, 'project', 'r.plumb.json'), JSON.stringify(document))
    const ran = await plumbline('run', 'r.plumb.json')
    expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/plumbline report \S+ --html report\.html/) })
    expect(await plumbline('report', 'last', '--html', 'sub/r.html')).toMatchObject({ code: 0 })
    expect(readFileSync(path.join(folder, 'project', 'sub', 'r.html'), 'utf8')).toMatch(
      /^<!doctype html>.*Content-Security-Policy.*evaluationHash/is,
    )

    const detail = JSON.parse((await plumbline('runs', 'show', 'last', '--json')).out)
    const report = artifact(detail.steps.find((step: { node: string }) => step.node === 'report').outputs.report.hash)
    const review = {
      ...{ format: 1, run: detail.id, evaluationHash: report.evaluation, modelHash: report.model },
      ...{ reviewer: 'A. Expert', role: 'Credit', decision: 'approve-with-conditions', comment: 'Ask about postcode.' },
      ...{ features: [{ feature: 'postcode', opinion: 'ask' }], at: '2026-11-24T13:48:00Z' },
    }
    const file = path.join(folder, 'project', 'x.review.json')
    writeFileSync(file, JSON.stringify(review))
    expect(await plumbline('review', 'x.review.json')).toMatchObject({
      code: 0,
      out: `Recorded for run ${detail.id}: A. Expert (Credit) says approve with conditions.\n`,
    })
    expect((await plumbline('runs', 'show', detail.id)).out).toContain('Ask about postcode.')
    writeFileSync(file, JSON.stringify({ ...review, modelHash: '0'.repeat(64) }))
    expect(await plumbline('review', 'x.review.json')).toMatchObject({
      code: 2,
      error: expect.stringContaining('[review-mismatch'),
    })
  })

  test('what is no review, and a run without a report, are refused', async () => {
    const file = path.join(folder, 'project', 'odd.review.json')
    writeFileSync(file, '{"format":1}')
    expect((await plumbline('review', 'odd.review.json')).code).toBe(2)
    writeFileSync(file, 'nothing')
    expect((await plumbline('review', 'odd.review.json')).error).toContain('its text is not JSON')
    await plumbline('run', 'p.plumb.json')
    expect((await plumbline('report', 'last', '--html', 'none.html')).code).toBe(2)
    expect(existsSync(path.join(folder, 'project', 'none.html'))).toBe(false)
  })
})
