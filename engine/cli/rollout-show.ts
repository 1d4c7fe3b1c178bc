import { ProblemError, type Rollout, type RolloutArm } from '#contract'
import { formatEstimate, formatNumber, formatPercent } from '#report/format-number'
import { listRollouts } from '#store/read-rollouts'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { withRegistry } from './open-registry.ts'
import { currentProject } from './project.ts'
import { textTable } from './text-table.ts'

export const rolloutShowCommand: Command = {
  words: 'rollout show',
  summary: 'show the rollout of a model: versions, figures, guards, what happened',
  positionals: [{ name: 'NAME', doc: 'the name the model is registered under' }],
  flags: { ...jsonFlag, ...projectFlag },
  notes: 'Shares come with limits that hold however often one looks.',
  async run({ given, io }) {
    const name = given.positional('NAME')
    const rollouts = withRegistry(currentProject(given, io), listRollouts)
    const rollout = rollouts.find((one) => one.name === name)
    if (!rollout)
      throw new ProblemError({
        code: 'not-found',
        message: `No version of "${name}" was rolled out.`,
        fix:
          rollouts.length > 0
            ? `Name one of ${[...new Set(rollouts.map((one) => one.name))].join(', ')}.`
            : 'Start one: plumbline rollout start NAME VERSION --strategy canary.',
      })
    io.out.write(given.has('json') ? `${JSON.stringify(rollout, null, 2)}\n` : rolloutText(rollout))
    return exitCodes.done
  },
}

const signs = { holds: '✓', unsure: '◐', broken: '✕', unknown: '–' } as const

function rolloutText({ name, strategy, state, verdict, arms, guards, figures, steps, history }: Rollout): string {
  const lines = [
    `${name}: ${strategy}, ${state}`,
    verdict,
    '',
    textTable([['', 'share', 'people', 'favourable', 'errors', 'p95', 'outcomes', 'good'], ...arms.map(armRow)]),
    ...(steps.length > 0
      ? [
          '',
          `Steps: ${steps.map(({ share, state: at }) => `${formatPercent(share)}${at === 'now' ? ' (now)' : ''}`).join(', ')}`,
        ]
      : []),
    ...(guards.length > 0 ? ['', textTable(guards.map((guard) => [signs[guard.state], guard.name, guard.text]))] : []),
    ...(figures.length > 0
      ? ['', textTable(figures.map(({ label, estimate }) => [label, formatEstimate(estimate)]))]
      : []),
    '',
    ...history.map(({ at, text }) => `${at.slice(0, 16).replace('T', ' ')}  ${text}`),
  ]
  return `${lines.join('\n')}\n`
}

const armRow = (arm: RolloutArm) => [
  `v${arm.version}, ${arm.role}`,
  formatPercent(arm.share),
  String(arm.people),
  formatEstimate(arm.favourable),
  formatEstimate(arm.errors),
  arm.p95 === null ? '–' : `${formatNumber(arm.p95, 1)} ms`,
  String(arm.outcomes),
  formatEstimate(arm.reward),
]
