import { decideCase } from '#store/queue/work-queue'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { withQueue } from './open-queue.ts'
import { currentProject } from './project.ts'
import { whoFlag, whoOf } from './queue.ts'
import { caseText } from './queue-show.ts'

export const queueDecideCommand: Command = {
  words: 'queue decide',
  summary: 'decide a case',
  positionals: [
    { name: 'CASE', doc: 'the id of the case' },
    { name: 'DECISION', doc: 'one of the classes, or a number' },
  ],
  flags: { note: { value: 'TEXT', doc: 'why' }, ...whoFlag, ...jsonFlag, ...projectFlag },
  notes: `
Where people decide first, the first call shows what the model says, and a second one is the last word; without it the
first stands after a quarter of an hour.`,
  async run({ given, io }) {
    const note = given.value('note')
    const one = withQueue(currentProject(given, io), (queue) =>
      decideCase(queue, {
        id: given.positional('CASE'),
        decision: given.positional('DECISION'),
        who: whoOf(given),
        ...(note !== undefined && { note }),
      }),
    )
    if (given.has('json')) io.out.write(`${JSON.stringify(one, null, 2)}\n`)
    else io.out.write(`${caseText(one)}\n`)
    if (one.state === 'first' && !given.has('json')) io.out.write('Give the command again to keep or change it.\n')
    return exitCodes.done
  },
}
