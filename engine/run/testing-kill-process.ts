/** Saves a document, or keeps it in the journal, and kills itself before the given call to the disk. Ends well when there is none. */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import type { PipelineDocument } from '#contract'

const [project, act, killAt, text] = [process.argv[2]!, process.argv[3]!, Number(process.argv[4]), process.argv[5]!]
const { createJournal } = await import('./journal.ts')
const { savePipeline } = await import('./pipeline-files.ts')
let calls = 0
for (const name of ['mkdirSync', 'openSync', 'writeSync', 'fsyncSync', 'closeSync', 'renameSync'] as const) {
  const real = fs[name] as (...given: unknown[]) => unknown
  Object.assign(fs, {
    [name]: (...given: unknown[]) => {
      if (++calls === killAt) {
        const bytes = given[1]
        if (name === 'writeSync' && bytes instanceof Uint8Array) real(given[0], bytes.subarray(0, bytes.length / 2))
        process.kill(process.pid, 'SIGKILL')
      }
      return real(...given)
    },
  })
}
syncBuiltinESMExports()
const document = JSON.parse(text) as PipelineDocument
if (act === 'save') savePipeline(project, { path: 'lines.plumb.json', document })
else createJournal(project, `${project}/.plumbline`).keep('lines.plumb.json', document)
process.exitCode = 7
