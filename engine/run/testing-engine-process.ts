/** An engine in a process that tests kill: runs the full document with one seed after the other, so that it is always at work. */
import { createEngine } from './engine.ts'
import { catalogue } from './testing-nodes.ts'
import { fullDocument, testingCatalogueUrl } from './testing-project.ts'

const [folder, firstSeed] = [process.argv[2]!, Number(process.argv[3])]
const engine = await createEngine({ project: folder, catalogue, catalogueUrl: testingCatalogueUrl, threads: 2 })
process.send?.('open')
for (let seed = firstSeed; ; seed++) {
  const document = { ...fullDocument(folder, { pauseMs: 20 }), seed }
  const { id } = await engine.run({ document, file: 'lines.plumb.json' })
  await engine.idle(id)
}
