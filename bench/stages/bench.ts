import { pythonOf } from '../parity/main.ts'
import { againstPython } from '../pipeline/against-python.ts'

/** `npm run bench -- stages`: examples/nine-stages.plumb.json beside the same work in Python. */
export async function benchStages(): Promise<void> {
  const python = pythonOf('stages')
  const script = python ? [python, 'bench/stages/peer.py', 'examples/loans.csv'] : undefined
  await againstPython('The nine stages', 'nine-stages.plumb.json', script)
}
