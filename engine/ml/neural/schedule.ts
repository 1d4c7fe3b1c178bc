/**
 * How the learning rate goes on from its start. Warm-up rises linearly over a share of all steps.
 * - cosine: to `floor` of the start along half a cosine (Loshchilov & Hutter 2017, "SGDR", arXiv 1608.03983).
 * - linear: to `floor` of the start. - step: times `factor` every `every` epochs.
 */
export type Schedule =
  | { readonly kind: 'constant'; readonly warmup?: number }
  | { readonly kind: 'cosine' | 'linear'; readonly warmup?: number; readonly floor?: number }
  | { readonly kind: 'step'; readonly every: number; readonly factor: number; readonly warmup?: number }

/** The factor on the learning rate of a step, counted from 0, of `total`; `epoch` counts from 0 too. */
export function rateFactor(schedule: Schedule, step: number, total: number, epoch: number): number {
  const rising = Math.round((schedule.warmup ?? 0) * total)
  if (step < rising) return (step + 1) / rising
  if (schedule.kind === 'constant') return 1
  if (schedule.kind === 'step') return schedule.factor ** Math.floor(epoch / schedule.every)
  const done = (step - rising) / Math.max(1, total - rising)
  const floor = schedule.floor ?? 0
  const left = schedule.kind === 'cosine' ? (1 + Math.cos(Math.PI * done)) / 2 : 1 - done
  return floor + (1 - floor) * left
}
