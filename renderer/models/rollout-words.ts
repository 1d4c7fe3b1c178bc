import type { Estimate, JsonValue, ModelVersion, RegisteredModel, Rollout, RolloutStrategy } from '#contract'
import { formatNumber, formatPercent } from '#report/format-number'
import { isShown, type Parameter } from '../form/parameter.ts'
import { rolloutMessages as words } from './rollout-messages.ts'

/** "62 % (58 % to 66 %)"; a dash where nothing is known. */
export function shareText({ value, low, high }: Estimate): string {
  if (value === null) return words.none
  if (low === undefined || high === undefined) return formatPercent(value)
  return words.interval(formatPercent(value), formatPercent(low), formatPercent(high))
}

/** The same of numbers that are no shares. */
export function numberText({ value, low, high }: Estimate): string {
  if (value === null) return words.none
  if (low === undefined || high === undefined) return formatNumber(value)
  return words.interval(formatNumber(value), formatNumber(low), formatNumber(high))
}

/** What a person may do with it now. */
export function rolloutMoves({ state, challengers }: Pick<Rollout, 'state' | 'challengers'>) {
  const underWay = state === 'running' || state === 'paused'
  return {
    pause: state === 'running',
    resume: state === 'paused',
    abort: underWay,
    promote: underWay ? challengers : [],
  }
}

/** Whether a version can be set beside the one in production. */
export function mayRollOut({ rollout, versions }: RegisteredModel, { stage }: Pick<ModelVersion, 'stage'>): boolean {
  const underWay = rollout?.state === 'running' || rollout?.state === 'paused'
  return !underWay && stage !== 'production' && versions.some((version) => version.stage === 'production')
}

/** Those that a strategy looks at, as far as other settings ask for them. */
export function settingsShown(
  parameters: readonly Parameter[],
  strategy: RolloutStrategy,
  given: Readonly<Record<string, JsonValue>>,
): readonly Parameter[] {
  const defaults = parameters.flatMap(({ name, default: value }) =>
    value === undefined ? [] : [[name, value] as const],
  )
  const values = { ...Object.fromEntries(defaults), ...given, mode: 'server', rollout: strategy }
  return parameters.filter((parameter) => isShown(parameter, values))
}

/** Each protected group with the shares of all versions that decided about people of it. */
export function groupRows(arms: Rollout['arms']) {
  const names = new Map(
    arms.flatMap(({ groups }) => groups.map(({ column, group }) => [`${column}\n${group}`, { column, group }])),
  )
  return [...names.values()].map(({ column, group }) => ({
    name: words.groupOf(column, group),
    shares: arms.flatMap(({ version, role, groups }) =>
      groups
        .filter((one) => one.column === column && one.group === group)
        .map(({ favourable }) => ({ version, role, favourable })),
    ),
  }))
}
