/** Entry of a container that release/deploy wrote: serves model.onnx beside package.json; answers go to standard output as JSON lines. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { FallbackRule, Model, SchemaColumn } from '#contract'
import { answeringBy } from './answering.ts'
import type { ContainerSetup } from './container-explain-thread.ts'
import { openExplainer } from './explainer.ts'
import { startHttpServer } from './http-server.ts'
import { openServing } from './serving.ts'

const root = path.resolve(import.meta.dirname, '..', '..')
const read = (name: string) => JSON.parse(readFileSync(path.join(root, name), 'utf8')) as unknown
const settings = read('serving.json') as {
  readonly name: string
  readonly version: number
  readonly fallback?: FallbackRule
  readonly contract?: readonly SchemaColumn[]
}

const model = read('model.json') as Model
const thread = new URL('./container-explain-thread.ts', import.meta.url)
const serving = await openServing({
  ...settings,
  model,
  openExplainer: (score) => openExplainer(thread, { folder: root, model } satisfies ContainerSetup, score),
  file: path.join(root, 'model.onnx'),
})
const answering = answeringBy(serving)
const server = await startHttpServer({
  current: () => answering,
  port: Number(process.env.PORT ?? 8600),
  host: process.env.HOST ?? '0.0.0.0',
  log: {
    add: ({ request: _, response: __, ...answer }) => console.log(JSON.stringify(answer)),
    close: async () => {},
  },
})
console.log(`${settings.name} version ${settings.version} answers at ${server.origin}`)
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, async () => {
    await server.close()
    await serving.close()
    process.exit(0)
  })
