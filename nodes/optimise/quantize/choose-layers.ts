/** A network with some layers fine: what it is worth and how large it is. */
export interface Tried {
  readonly fine: readonly number[]
  readonly quality: number
  readonly bytes: number
}

/** What one layer costs when it alone is made smaller. */
export interface LayerCost {
  readonly layer: number
  readonly loss: number
  /** Bytes that it saves. */
  readonly saved: number
}

/**
 * Keeps layers fine, the one that costs most quality a saved byte first, until the loss is within the limit: the greedy
 * form of mixed-precision allocation (Dong et al. 2020, "HAWQ-V2", NeurIPS). Every step is measured, not added up.
 */
export async function chooseLayers(
  costs: readonly LayerCost[],
  exact: number,
  mostLoss: number,
  attempt: (fine: readonly number[]) => Promise<Tried>,
): Promise<{ readonly tried: readonly Tried[]; readonly chosen: Tried | undefined }> {
  const order = costs.toSorted(
    (a, b) => b.loss / Math.max(1, b.saved) - a.loss / Math.max(1, a.saved) || a.layer - b.layer,
  )
  const tried: Tried[] = []
  for (let count = 0; count < order.length; count++) {
    const fine = order.slice(0, count).map(({ layer }) => layer)
    const one = await attempt(fine.toSorted((a, b) => a - b))
    tried.push(one)
    if (exact - one.quality <= mostLoss + 1e-12) return { tried, chosen: one }
  }
  return { tried, chosen: undefined }
}
