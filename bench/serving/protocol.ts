/** `npm run bench -- protocol`: clients from PyPI ask a served model; their answers are compared with /v1/predict. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { catalogue } from '#nodes'
import { serveRegistered } from '#serve/serve-registered'
import { testingRegistry } from '#serve/testing-registry'

const python = path.resolve(import.meta.dirname, '../parity/.venv-serving/bin/python')

interface ClientAnswer {
  readonly id: string
  readonly version: string
  readonly probabilities: readonly (readonly number[])[]
  readonly decision: readonly string[]
}

export async function askByProtocol(): Promise<void> {
  if (!existsSync(python))
    throw new Error('The clients are missing: make bench/parity/.venv-serving from serving.txt first.')
  const registry = await testingRegistry(catalogue)
  const run = await registry.deploy(1)
  const table = run.steps.find(({ node }) => node === 'split')!.outputs.table!.hash
  const page = await registry.engine.rows({ table, offset: 0, limit: 100 })
  const rows = page.rows.map((cells) => Object.fromEntries(cells.map((cell, at) => [page.columns[at]!.name, cell])))
  const server = await serveRegistered({
    project: registry.project,
    name: 'loans',
    selector: 'production',
    port: 0,
    host: '127.0.0.1',
  })
  try {
    const client = await askClient(server.origin, rows)
    const answer = await fetch(`${server.origin}/v1/predict`, { method: 'POST', body: JSON.stringify({ rows }) })
    const own = (await answer.json()) as { predictions: { decision: string; scores: Record<string, number> }[] }
    const gaps = own.predictions.map(({ scores }, row) =>
      Math.max(...Object.values(scores).map((score, place) => Math.abs(score - client.probabilities[row]![place]!))),
    )
    const same = own.predictions.filter(({ decision }, row) => decision === client.decision[row]).length
    console.log(`tritonclient: ${client.probabilities.length} rows of version ${client.version}, request ${client.id}`)
    console.log(`same decision on ${same} of ${rows.length}; largest difference of a probability ${Math.max(...gaps)}`)
    console.log('openapi-spec-validator: /openapi.json is valid')
    if (same !== rows.length || Math.max(...gaps) > 1e-12) process.exitCode = 1
  } finally {
    await server.close()
    await registry.close()
  }
}

async function askClient(origin: string, rows: readonly object[]): Promise<ClientAnswer> {
  const script = path.join(import.meta.dirname, 'protocol_client.py')
  const child = spawn(python, [script, origin, 'loans'], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(rows))
  const words = await text(child.stdout)
  if (words === '') throw new Error('The client gave no answer.')
  return JSON.parse(words) as ClientAnswer
}
