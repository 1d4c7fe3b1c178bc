/** A network with some layers fine: what it is worth and how large it is. */
export interface Tried {
  readonly fine: readonly number[]
  readonly quality: number
  readonly bytes: number
  /** Of one row, where it matters. */
  readonly latencyMs?: number
}

/** What one layer costs when it alone is made smaller. */
export interface LayerCost {
  readonly layer: number
  readonly loss: number
  /** Bytes that it saves. */
  readonly saved: number
}

/** What a choice has to keep besides the quality. */
export interface Limits {
  /** Known before anything is measured, as the size. */
  fits?(fine: readonly number[]): boolean
  /** Known once it was measured, as the latency. */
  keeps?(one: Tried): boolean
}

/** More sets of layers than of these are not thought of, and sets beyond the greedy ones not measured. */
const mostLayers = 12
const mostFurther = 24

/**
 * Keeps layers fine, the one that costs most quality a saved byte first, until the loss is within the limit and all others are kept: the greedy
 * form of mixed-precision allocation (Dong et al. 2020, "HAWQ-V2", NeurIPS). Every step is measured, not added up. Where that
 * way leads past a limit, other sets of layers that fit are measured too, those first whose losses add up to least, so that a set is found
 * that keeps all limits at once. A layer whose scales take more bytes than its smaller weights save stays fine from the start.
 */
export async function chooseLayers(
  costs: readonly LayerCost[],
  exact: number,
  mostLoss: number,
  attempt: (fine: readonly number[], within: (quality: number) => boolean) => Promise<Tried>,
  { fits = () => true, keeps = () => true }: Limits = {},
): Promise<{ readonly tried: readonly Tried[]; readonly chosen: Tried | undefined }> {
  const idle = costs.filter(({ saved }) => saved <= 0)
  const useful = costs.filter(({ saved }) => saved > 0)
  const order = useful.toSorted((a, b) => b.loss / b.saved - a.loss / a.saved || a.layer - b.layer)
  const within = (quality: number) => exact - quality <= mostLoss + 1e-12
  const greedy = Array.from({ length: Math.max(1, order.length) }, (_, count) => order.slice(0, count))
  const tried: Tried[] = []
  for (const sets of [greedy, furtherSets(useful, greedy)]) {
    for (const set of sets) {
      const fine = layersOf([...idle, ...set])
      if (!fits(fine)) continue
      const one = await attempt(fine, within)
      tried.push(one)
      if (within(one.quality) && keeps(one)) return { tried, chosen: one }
      if (tried.length >= greedy.length + mostFurther) break
    }
  }
  return { tried, chosen: undefined }
}

const layersOf = (costs: readonly LayerCost[]) => costs.map(({ layer }) => layer).toSorted((a, b) => a - b)

/** Sets of layers to keep fine that the greedy way leaves out, but for all; least loss of the others first, then fewest bytes. */
function furtherSets(
  useful: readonly LayerCost[],
  greedy: readonly (readonly LayerCost[])[],
): readonly (readonly LayerCost[])[] {
  if (useful.length > mostLayers) return []
  const known = new Set(greedy.map((set) => layersOf(set).join()))
  const sum = (set: readonly LayerCost[], of: (cost: LayerCost) => number) =>
    set.reduce((all, cost) => all + of(cost), 0)
  return Array.from({ length: 2 ** useful.length - 1 }, (_, bits) => useful.filter((_cost, at) => (bits >> at) & 1))
    .filter((set) => !known.has(layersOf(set).join()))
    .map((set) => ({ set, kept: sum(set, ({ loss }) => Math.max(0, loss)), bytes: sum(set, ({ saved }) => saved) }))
    .toSorted((a, b) => b.kept - a.kept || a.bytes - b.bytes)
    .map(({ set }) => set)
}
