import type { Database } from '#store/database'
import { abortRollout, pauseRollout, promoteRollout, resumeRollout } from '#store/rollouts'
import { type Command, exitCodes, type Flag, projectFlag, UsageError } from './command.ts'
import { withRegistry } from './open-registry.ts'
import { currentProject } from './project.ts'

const positionals = [{ name: 'NAME', doc: 'the name the model is registered under' }]

function steer(
  words: string,
  summary: string,
  notes: string,
  work: (db: Database, name: string, version: number | undefined) => string,
  flags: Readonly<Record<string, Flag>> = {},
): Command {
  return {
    words,
    summary,
    positionals,
    flags: { ...flags, ...projectFlag },
    notes,
    async run({ given, io }) {
      const name = given.positional('NAME')
      const text = 'version' in flags ? given.value('version') : undefined
      const version = text === undefined ? undefined : Number(text.replace(/^v/, ''))
      if (version !== undefined && !Number.isInteger(version))
        throw new UsageError(`"${text}" is no version.`, 'Write its number, as in "plumbline models".')
      io.out.write(`${withRegistry(currentProject(given, io), (db) => work(db, name, version))}\n`)
      return exitCodes.done
    },
  }
}

export const rolloutPauseCommand = steer(
  'rollout pause',
  'let the version in production answer everybody for a while',
  'What was counted stays; "plumbline rollout resume" goes on at the same step.',
  (db, name) => {
    pauseRollout(db, name)
    return `The rollout of ${name} is paused.`
  },
)

export const rolloutResumeCommand = steer(
  'rollout resume',
  'go on with a rollout that was paused',
  'The time it was paused does not count.',
  (db, name) => {
    resumeRollout(db, name)
    return `The rollout of ${name} goes on.`
  },
)

export const rolloutAbortCommand = steer(
  'rollout abort',
  'end a rollout: the version in production answers everybody again',
  'Servers switch at once. A run does not begin it again; "plumbline rollout start" does.',
  (db, name) => {
    abortRollout(db, name)
    return `The rollout of ${name} is aborted.`
  },
)

export const rolloutPromoteCommand = steer(
  'rollout promote',
  'end a rollout: the new version comes into production',
  'Roles that production requires must have approved the model. "plumbline models rollback" goes back at once.',
  (db, name, version) =>
    `${name} version ${promoteRollout(db, { name, ...(version !== undefined && { version }) })} is in production.`,
  { version: { value: 'VERSION', doc: 'which, where several new versions take part' } },
)
