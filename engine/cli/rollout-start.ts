import { z } from 'zod'
import { parseRolloutSettings, type RolloutSettings, rolloutParameters, rolloutStrategies } from '#contract'
import { beginRollout } from '#run/begin-rollout'
import { openContentFiles } from '#store/content-files'
import { artifactsFolder } from '#store/open-store'
import { type Command, exitCodes, projectFlag, UsageError } from './command.ts'
import { withRegistry } from './open-registry.ts'
import { currentProject } from './project.ts'

export const rolloutStartCommand: Command = {
  words: 'rollout start',
  summary: 'let a new version answer beside the one in production',
  positionals: [
    { name: 'NAME', doc: 'the name the model is registered under' },
    { name: 'VERSION', doc: 'the number of the new version' },
  ],
  flags: {
    strategy: { value: 'S', doc: `${rolloutStrategies.join(', ')} (default: canary)` },
    with: { value: 'VERSION', many: true, doc: 'another new version: of a-b and bandits' },
    set: { value: 'NAME=VALUE', many: true, doc: 'a setting, as steps=5,25,50; any number of times' },
    ...projectFlag,
  },
  notes: `
Settings with their defaults:
${Object.entries(rolloutParameters)
  .map(([name, schema]) => `  ${`${name}=${defaultOf(schema)}`.padEnd(24)}  ${described(schema)}`)
  .join('\n')}
  ${'seed=1'.padEnd(24)}  Another seed gives the versions other people.

Example: plumbline rollout start loan-approvals 4 --strategy canary --set steps=5,25,50 --set leastPeople=500`,
  async run({ given, io }) {
    const name = given.positional('NAME')
    const versions = [given.positional('VERSION'), ...given.values('with')].map(versionNumber)
    const wanted = given.value('strategy') ?? 'canary'
    const strategy = rolloutStrategies.find((one) => one === wanted)
    if (!strategy)
      throw new UsageError(`There is no strategy "${wanted}".`, `Use one of ${rolloutStrategies.join(', ')}.`)
    const settings = settingsOf(given.values('set'))
    const project = currentProject(given, io)
    const files = openContentFiles(artifactsFolder(project))
    await beginRollout((work) => withRegistry(project, work), files, { name, versions, strategy, settings })
    io.out.write(`${name} version ${versions.join(', ')} is rolled out: ${strategy}.\n`)
    return exitCodes.done
  },
}

function versionNumber(text: string): number {
  const version = Number(text.replace(/^v/, ''))
  if (Number.isInteger(version)) return version
  throw new UsageError(`"${text}" is no version.`, 'Write its number, as in "plumbline models".')
}

function settingsOf(pairs: readonly string[]): RolloutSettings {
  const known = [...Object.keys(rolloutParameters), 'seed']
  const given = pairs.map((pair) => {
    const [name, ...rest] = pair.split('=')
    if (rest.length === 0 || !known.includes(name!))
      throw new UsageError(`"${pair}" is no setting.`, `Write NAME=VALUE with one of ${known.join(', ')}.`)
    return [name, settingValue(rest.join('='), name!)] as const
  })
  try {
    return parseRolloutSettings(Object.fromEntries(given))
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    const [{ path, message }] = error.issues as [z.core.$ZodIssue]
    throw new UsageError(
      `The setting ${path.join('.')} has a value that is not allowed: ${message}.`,
      'See "plumbline rollout start --help".',
    )
  }
}

/** A number where the setting is one, else text. */
function settingValue(text: string, name: string): string | number {
  const { default: standard } = z.toJSONSchema(
    rolloutParameters[name as keyof typeof rolloutParameters] ?? z.number().default(1),
  ) as { default: unknown }
  return typeof standard === 'number' && text.trim() !== '' ? Number(text) : text
}

function defaultOf(schema: z.ZodType): string {
  return String((z.toJSONSchema(schema) as { default?: unknown }).default ?? '')
}
function described(schema: z.ZodType): string {
  const { description = '', when } = z.toJSONSchema(schema) as { description?: string; when?: { rollout?: string[] } }
  return when?.rollout ? `${when.rollout.join(', ')}: ${description}` : description
}
