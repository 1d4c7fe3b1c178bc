import { streamDetectors } from '#ml/drift/detector-from-json'
import type { Prepare } from '../own-data.ts'

/** A new detector told 100,000 times whether a model erred, with a share of errors of a fifth. */
const watched =
  (kind: string): Prepare =>
  async ({ columns }) => {
    const errors = Uint8Array.from(columns[0]!, (value) => (value > 1.93 ? 1 : 0))
    return () => {
      const detector = new streamDetectors[kind]!()
      for (let point = 0; point < errors.length; point++) detector.update(errors[point]!)
    }
  }

export const works: Readonly<Record<string, Prepare>> = Object.fromEntries(
  Object.keys(streamDetectors).map((kind) => [kind, watched(kind)]),
)
