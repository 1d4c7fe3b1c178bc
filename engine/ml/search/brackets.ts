/**
 * The rungs of successive halving and Hyperband. With budget R at most, r at least and factor η, s_max = ⌊log_η(R / r)⌋;
 * bracket s begins with n trials of budget R η^-s, and each rung keeps the best ⌊n η^-i⌋ with η times the budget.
 * n = ⌊(s_max + 1) / (s + 1)⌋ η^s, which gives the table of Li et al. 2018 (JMLR 18:185), 81, 27, 9, 6, 5 for R = 81;
 * the formula they print gives 81, 34, 15, 8, 5.
 */
export interface Rung {
  readonly trials: number
  readonly budget: number
}

/** s_max: how often the budget can be divided by `factor` without falling under `least`. */
export function deepestBracket(most: number, least: number, factor: number): number {
  return Math.max(0, Math.floor(Math.log(most / least) / Math.log(factor) + 1e-9))
}

/** The rungs of the bracket that begins with `trials` trials and halves `depth` times up to budget `most`. */
export function bracketRungs(trials: number, depth: number, most: number, factor: number): readonly Rung[] {
  return Array.from({ length: depth + 1 }, (_, rung) => ({
    trials: Math.floor(trials / factor ** rung + 1e-9),
    budget: Math.max(1, Math.round(most / factor ** (depth - rung))),
  })).filter((rung) => rung.trials > 0)
}

/** Hyperband's brackets, the one with the most trials first. */
export function hyperbandBrackets(most: number, least: number, factor: number): readonly (readonly Rung[])[] {
  const deepest = deepestBracket(most, least, factor)
  return Array.from({ length: deepest + 1 }, (_, index) => {
    const depth = deepest - index
    const trials = Math.floor((deepest + 1) / (depth + 1)) * factor ** depth
    return bracketRungs(trials, depth, most, factor)
  })
}
