import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import type { CaseCause, QueueCounts, QueuedCase, QueueFigures } from '#contract'
import { formatCount, formatEstimate, formatInteger } from '#report/format-number'
import { formatDuration, formatShortDate, formatTime } from '#report/format-time'
import { queueFile } from '#store/queue/open-queue'
import { listCases, queueCounts, queueFigures } from '#store/queue/read-queue'
import { type Command, exitCodes, type Flag, type Given, jsonFlag, projectFlag } from './command.ts'
import { withQueue } from './open-queue.ts'
import { currentProject } from './project.ts'
import { textTable } from './text-table.ts'

export const modelFlag: Readonly<Record<string, Flag>> = { model: { value: 'NAME', doc: 'only cases of this model' } }
export const whoFlag: Readonly<Record<string, Flag>> = {
  as: { value: 'NAME', doc: 'who decides (default: your name on this computer)' },
}
export const whoOf = (given: Given): string => given.value('as') ?? userInfo().username

export const queueCommand: Command = {
  words: 'queue',
  summary: 'list what waits for a person to decide',
  positionals: [],
  flags: { ...modelFlag, all: { doc: 'also what is decided' }, ...jsonFlag, ...projectFlag },
  notes: 'Cases come from served models whose deployment leaves rows to people: see release/deploy, Automation.',
  async run({ given, io }) {
    const model = given.value('model')
    const project = currentProject(given, io)
    if (!given.has('json') && !existsSync(queueFile(project))) {
      io.out.write('No case waits for a person. Cases come from models that are deployed with a level of automation.\n')
      return exitCodes.done
    }
    const filter = { ...(model !== undefined && { model }), waiting: !given.has('all') }
    const { cases, counts, figures } = withQueue(project, (queue) => ({
      cases: listCases(queue, filter),
      counts: queueCounts(queue, model),
      figures: queueFigures(queue, model),
    }))
    if (given.has('json')) io.out.write(`${JSON.stringify({ counts, figures, cases }, null, 2)}\n`)
    else io.out.write(`${[...caseLines(cases), countsText(counts), ...figuresText(figures)].join('\n')}\n`)
    return exitCodes.done
  },
}

export const queueListCommand: Command = { ...queueCommand, words: 'queue list' }

const caseLines = (cases: readonly QueuedCase[]) =>
  cases.length === 0
    ? []
    : [textTable([['case', 'model', 'state', 'why', 'queued', 'due', 'decision'], ...cases.map(caseRow)]), '']

const moment = (iso: string | undefined) => (iso === undefined ? '' : `${formatShortDate(iso)} ${formatTime(iso)}`)

const caseRow = (one: QueuedCase) => [
  one.id,
  `${one.model} v${one.version}`,
  one.holder === undefined ? one.state : `${one.state} by ${one.holder}`,
  one.why.map(causeText).join(', '),
  moment(one.queuedAt),
  moment(one.takesForceAt ?? one.dueAt),
  one.decision === undefined ? '' : `${one.decision}${one.by === undefined ? '' : ` by ${one.by}`}`,
]

const causes: Readonly<Record<CaseCause['cause'], string>> = {
  level: 'people decide',
  uncertain: 'uncertain',
  rule: 'rule',
  audit: 'drawn to check',
  fallback: 'fallback answered',
  veto: 'may be vetoed',
  away: 'model away',
  unseen: 'new value of',
  'out-of-range': 'beyond training',
}
export const causeText = (one: CaseCause): string =>
  'column' in one ? `${causes[one.cause]} ${one.column}` : causes[one.cause]

function countsText({ queued, taken, pending, decided, inForce, overdue, oldestAt }: QueueCounts): string {
  const oldest = oldestAt === undefined ? '' : `, the oldest since ${moment(oldestAt)}`
  return `${formatCount(queued, 'case')} ${queued === 1 ? 'waits' : 'wait'}${oldest}; ${formatInteger(taken)} taken, ${formatInteger(pending)} to veto, ${formatInteger(overdue)} overdue, ${formatInteger(decided)} decided, ${formatInteger(inForce)} in force.`
}

function figuresText({ agreement, overridden, revised, medianMs }: QueueFigures): readonly string[] {
  if (!agreement.n) return []
  return [
    `Agreement of people with the model ${formatEstimate(agreement)}, overridden ${formatEstimate(overridden)}, revised ${formatEstimate(revised)}, ${formatDuration(medianMs)} a case.`,
  ]
}
