import type { PipelineDocument } from '#contract'
import { canonicalJson } from '#graph/canonical'
import { useDocument, useLevel, useView } from '../shell/workbench-context.ts'

/** Whether a node is new or another than in what the canvas is compared with. */
export function useNodeMark(id: string): 'added' | 'changed' | undefined {
  const before = useView((state) => state.comparison?.document)
  const now = useDocument((state) => state.document.nodes[id])
  const inside = useLevel((state) => state.path.length > 0)
  if (!before || !now || inside) return undefined
  const old = before.nodes[id]
  if (!old) return 'added'
  return canonicalJson(old) === canonicalJson(now) ? undefined : 'changed'
}

const wiresOf = new WeakMap<PipelineDocument, ReadonlySet<string>>()

/** Whether a wire, as FROM→TO, is new since what the canvas is compared with. */
export function useWireMark(id: string): 'added' | undefined {
  const inside = useLevel((state) => state.path.length > 0)
  return useView(({ comparison }) => {
    if (!comparison || inside) return undefined
    const { document } = comparison
    const known = wiresOf.get(document) ?? new Set(document.edges.map(({ from, to }) => `${from}→${to}`))
    wiresOf.set(document, known)
    return known.has(id) ? undefined : 'added'
  })
}
