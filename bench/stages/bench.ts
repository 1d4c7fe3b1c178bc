import { globSync } from 'node:fs'
import path from 'node:path'
import { pythonOf } from '../parity/main.ts'
import { againstPython } from '../pipeline/against-python.ts'

/** `npm run bench -- stages`: examples/nine-stages.plumb.json beside the same work in Python. */
export async function benchStages(): Promise<void> {
  const search = pythonOf('search')
  const [packages] = search ? globSync(path.join(path.dirname(search), '../lib/python*/site-packages')) : []
  const script = packages ? ['bench/stages/peer.py', 'examples/loans.csv', packages] : undefined
  await againstPython('The nine stages', 'nine-stages.plumb.json', script)
}
