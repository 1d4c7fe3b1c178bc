import { ProblemError, type RegisteredModel } from '#contract'
import { formatEstimate } from '#report/format-number'
import { listModels } from '#store/read-registry'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { withRegistry } from './open-registry.ts'
import { currentProject } from './project.ts'
import { textTable } from './text-table.ts'

export const modelsShowCommand: Command = {
  words: 'models show',
  summary: 'show a registered model: versions, stages, figures, reviews, what happened',
  positionals: [{ name: 'NAME', doc: 'the name it is registered under' }],
  flags: { ...jsonFlag, ...projectFlag },
  async run({ given, io }) {
    const name = given.positional('NAME')
    const models = withRegistry(currentProject(given, io), listModels)
    const model = models.find((one) => one.name === name)
    if (!model)
      throw new ProblemError({
        code: 'not-found',
        message: `The registry has no model "${name}".`,
        fix: models.length > 0 ? `Name one of ${models.map((one) => one.name).join(', ')}.` : 'Register one first.',
      })
    io.out.write(given.has('json') ? `${JSON.stringify(model, null, 2)}\n` : modelText(model))
    return exitCodes.done
  },
}

const shownFigures = 4

function modelText({ name, description, versions, servers, reviewers, trail }: RegisteredModel): string {
  const rows = versions.map((one) => [
    `v${one.version}`,
    [one.stage, ...(one.rolledBackAt ? ['rolled back'] : []), ...(one.automation ? [one.automation.level] : [])].join(
      ', ',
    ),
    one.aliases.map((alias) => `@${alias}`).join(' '),
    `run ${one.run}`,
    one.metrics
      .slice(0, shownFigures)
      .map((metric) => `${metric.name} ${formatEstimate(metric)}`)
      .join(', '),
    one.reviews.map(({ reviewer, decision }) => `${reviewer}: ${decision}`).join(', '),
  ])
  const lines = [
    description ? `${name}: ${description}` : name,
    '',
    textTable(rows),
    ...servers.map(({ address, version }) => `Version ${version} answers at ${address}`),
    ...reviewers.map(({ stage, role }) => `${role} approves before ${stage}`),
    '',
    ...trail.slice(0, 20).map(({ at, text }) => `${at.slice(0, 16).replace('T', ' ')}  ${text}`),
  ]
  return `${lines.join('\n')}\n`
}
