import type { Rollout } from '#contract'
import { listRollouts } from '#store/read-rollouts'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { withRegistry } from './open-registry.ts'
import { currentProject } from './project.ts'
import { textTable } from './text-table.ts'

export const rolloutCommand: Command = {
  words: 'rollout',
  summary: 'list how new versions of models come to answer',
  positionals: [],
  flags: { ...jsonFlag, ...projectFlag },
  async run({ given, io }) {
    const rollouts = withRegistry(currentProject(given, io), listRollouts)
    if (given.has('json')) io.out.write(`${JSON.stringify(rollouts, null, 2)}\n`)
    else if (rollouts.length === 0)
      io.out.write('No version was rolled out yet. "plumbline rollout start" begins one; release/deploy does so too.\n')
    else io.out.write(`${textTable(rollouts.map(rowOf))}\n`)
    return exitCodes.done
  },
}

export const rolloutListCommand: Command = { ...rolloutCommand, words: 'rollout list' }

const rowOf = ({ name, strategy, champion, challengers, state, startedAt, arms }: Rollout) => [
  name,
  strategy,
  `v${challengers.join(', v')} beside v${champion}`,
  state === 'running'
    ? `running, ${arms
        .slice(1)
        .map(({ share }) => `${(share * 100).toFixed(0)} %`)
        .join(', ')}`
    : state,
  startedAt.slice(0, 16).replace('T', ' '),
]
