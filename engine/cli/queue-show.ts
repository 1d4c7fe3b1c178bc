import type { QueuedCase } from '#contract'
import { formatNumber, formatSigned } from '#report/format-number'
import { formatDuration } from '#report/format-time'
import { caseView } from '#store/queue/case-view'
import { caseRow } from '#store/queue/work-queue'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { withQueue } from './open-queue.ts'
import { currentProject } from './project.ts'
import { causeText } from './queue.ts'
import { textTable } from './text-table.ts'

export const queueShowCommand: Command = {
  words: 'queue show',
  summary: 'show one case: its row, why it waits, what the model says where that may be seen',
  positionals: [{ name: 'CASE', doc: 'the id of the case' }],
  flags: { ...jsonFlag, ...projectFlag },
  async run({ given, io }) {
    const one = withQueue(currentProject(given, io), (queue) =>
      caseView(caseRow(queue, given.positional('CASE')), queue.now()),
    )
    io.out.write(given.has('json') ? `${JSON.stringify(one, null, 2)}\n` : `${caseText(one)}\n`)
    return exitCodes.done
  },
}

const mostReasons = 8

export function caseText(one: QueuedCase): string {
  const { answer, reasons } = one
  const rows = one.row.map(({ name, value }) => [name, value === null ? '–' : String(value)])
  const said = answer
    ? [
        `${answer.fallback ? 'The fallback rule' : 'The model'} says ${answer.decision}, score ${formatNumber(answer.score, 3)}`,
      ]
    : []
  const why =
    reasons === undefined
      ? []
      : 'notAvailable' in reasons
        ? [reasons.notAvailable]
        : [
            textTable(
              reasons.contributions
                .slice(0, mostReasons)
                .map(({ feature, contribution }) => [feature, formatSigned(contribution, 3)]),
              '  ',
            ),
          ]
  const decided =
    one.decision === undefined
      ? []
      : [
          `Decided: ${one.decision}${one.by === undefined ? ', by the model' : ` by ${one.by}`}${one.ms === undefined ? '' : ` in ${formatDuration(one.ms)}`}${one.note === undefined ? '' : `. ${one.note}`}`,
        ]
  return [
    `${one.model} version ${one.version}, ${one.state}: ${one.why.map(causeText).join(', ')}`,
    '',
    textTable(rows, '  '),
    '',
    ...said,
    ...why,
    ...decided,
    ...(one.choices && one.decision === undefined ? [`Choose ${one.choices.join(' or ')}`] : []),
  ].join('\n')
}
