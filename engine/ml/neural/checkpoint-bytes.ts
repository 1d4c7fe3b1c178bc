import type { Checkpoint } from './trainer.ts'

interface Header {
  readonly step: number
  readonly running: Checkpoint['running']
  readonly history: Checkpoint['history']
  readonly best: { readonly epoch: number; readonly loss: number | null }
  /** Names and lengths of the vectors that follow, those of the best state after those of the newest. */
  readonly state: readonly (readonly [name: string, length: number])[]
}

/** A checkpoint as bytes: the length of a JSON header, the header, then the vectors as 32-bit floats. */
export function checkpointBytes(checkpoint: Checkpoint): Uint8Array {
  const { step, running, history, best, state } = checkpoint
  const header: Header = {
    step,
    running,
    history,
    best: { epoch: best.epoch, loss: Number.isFinite(best.loss) ? best.loss : null },
    state: Object.entries(state).map(([name, { length }]) => [name, length]),
  }
  const head = Array.from(JSON.stringify(header), (character) => character.charCodeAt(0))
  const vectors = [...Object.values(state), ...Object.keys(state).map((name) => best.state[name]!)]
  const start = 4 * Math.ceil((4 + head.length) / 4)
  const bytes = new Uint8Array(start + 4 * vectors.reduce((sum, { length }) => sum + length, 0))
  new DataView(bytes.buffer).setUint32(0, head.length, true)
  bytes.set(head, 4)
  const floats = new Float32Array(bytes.buffer, start)
  let at = 0
  for (const vector of vectors) {
    floats.set(vector, at)
    at += vector.length
  }
  return bytes
}

/** The checkpoint that `checkpointBytes` wrote. */
export function checkpointFrom(bytes: Uint8Array): Checkpoint {
  const own = bytes.slice()
  const length = new DataView(own.buffer).getUint32(0, true)
  const header = JSON.parse(
    Array.from(own.subarray(4, 4 + length), (code) => String.fromCharCode(code)).join(''),
  ) as Header
  const floats = new Float32Array(own.buffer, 4 * Math.ceil((4 + length) / 4))
  let at = 0
  const take = (count: number) => {
    at += count
    return floats.slice(at - count, at)
  }
  const vectors = () => Object.fromEntries(header.state.map(([name, count]) => [name, take(count)] as const))
  const { step, running, history } = header
  const state = vectors()
  return {
    step,
    running,
    history,
    state,
    best: { epoch: header.best.epoch, loss: header.best.loss ?? Number.POSITIVE_INFINITY, state: vectors() },
  }
}
