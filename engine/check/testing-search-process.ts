/** An engine in a process that a test kills: runs one pipeline and says how far its search is. */
import { readFileSync } from 'node:fs'
import type { PipelineDocument } from '#contract'
import { createEngine } from '#run/engine'
import { catalogue } from './testing-search-catalogue.ts'

const [project, file, catalogueUrl] = [process.argv[2]!, process.argv[3]!, process.argv[4]!]
const document = JSON.parse(readFileSync(file, 'utf8')) as PipelineDocument
const engine = await createEngine({ project, catalogue, catalogueUrl, threads: 2 })
engine.subscribe((event) => {
  if (event.type === 'progress') process.send?.(event.note ?? '')
})
await engine.run({ document })
