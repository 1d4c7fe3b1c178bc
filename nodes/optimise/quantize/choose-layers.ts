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

/**
 * Keeps layers fine, the one that costs most quality a saved byte first, until the loss is within the limit and all others are kept: the greedy
 * form of mixed-precision allocation (Dong et al. 2020, "HAWQ-V2", NeurIPS). Every step is measured, not added up. A layer
 * whose scales take more bytes than its smaller weights save stays fine from the start.
 */
export async function chooseLayers(
  costs: readonly LayerCost[],
  exact: number,
  mostLoss: number,
  attempt: (fine: readonly number[], within: (quality: number) => boolean) => Promise<Tried>,
  keeps: (one: Tried) => boolean = () => true,
): Promise<{ readonly tried: readonly Tried[]; readonly chosen: Tried | undefined }> {
  const idle = costs.filter(({ saved }) => saved <= 0)
  const useful = costs.filter(({ saved }) => saved > 0)
  const order = useful.toSorted((a, b) => b.loss / b.saved - a.loss / a.saved || a.layer - b.layer)
  const within = (quality: number) => exact - quality <= mostLoss + 1e-12
  const tried: Tried[] = []
  for (let count = 0; count < Math.max(1, order.length); count++) {
    const fine = [...idle, ...order.slice(0, count)].map(({ layer }) => layer)
    const one = await attempt(
      fine.toSorted((a, b) => a - b),
      within,
    )
    tried.push(one)
    if (within(one.quality) && keeps(one)) return { tried, chosen: one }
  }
  return { tried, chosen: undefined }
}
