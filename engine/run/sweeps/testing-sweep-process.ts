/** An engine in a process that tests kill: it runs a sweep, and gives its id once the first trial has ended. */
import { createEngine } from '../engine.ts'
import { catalogue } from '../testing-nodes.ts'
import { testingCatalogueUrl } from '../testing-project.ts'

const engine = await createEngine({
  project: process.argv[2]!,
  catalogue,
  catalogueUrl: testingCatalogueUrl,
  threads: 2,
})
let id = ''
engine.subscribe(async (event) => {
  if (event.type === 'sweep' && id !== '' && (await engine.sweep({ sweep: id })).ended > 0) process.send?.(id)
})
id = (await engine.startSweep(JSON.parse(process.argv[3]!))).id
