import type { Model, RolloutSettings } from '#contract'

/** Settings with what the model says where nothing was given: its classes, the favourable one, and what a success is. */
export function settleSettings(
  settings: RolloutSettings,
  model: Pick<Model, 'purpose' | 'classes' | 'positive'>,
): RolloutSettings {
  const { classes = [] } = model
  const positive = model.purpose === 'binary' ? (model.positive ?? classes[1] ?? '') : ''
  const favourable = settings.favourable || positive
  const outcome = model.purpose === 'regression' ? 'number' : settings.outcome
  return { ...settings, classes: [...classes], favourable, outcome, success: settings.success || favourable }
}
