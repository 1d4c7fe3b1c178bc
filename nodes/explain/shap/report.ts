import type { CardFact, Explanation, Model, PictureShares, ReportBlock } from '#contract'
import { pixelsOfCell } from '#ml/image/pixel-cells'
import { formatCount, formatInteger, formatNumber, formatPercent, formatSigned } from '#report/format-number'
import { tellingDigits } from '#report/telling-digits'
import { pointBlocks } from './points-report.ts'

const directions = { 'higher-helps': 'higher helps', 'higher-hurts': 'higher hurts', mixed: 'mixed' } as const
const spaced = (name: string) => name.replace(/[_\s]+/g, ' ').trim()
const shownBars = 12
const shownReasons = 8

/** "Linear SHAP" without what the step is called anyway. */
const shortMethod = (method: string) => method.replace(/ SHAP\b/, '').toLowerCase()

export function shapCard({ features, rows, method, cells, gap }: Explanation): CardFact {
  const how = `${shortMethod(method)}${sumWords(gap)}`
  const [first] = features
  if (!first) return { text: `${formatCount(rows, 'row')} explained` }
  const direction = first.direction === 'mixed' ? '' : `, ${directions[first.direction]}`
  if (cells) return { text: `Looks most at **${first.feature}** · ${how}` }
  return {
    text: `**${spaced(first.feature)}** counts most${direction} · ${how}`,
    picture: { type: 'rows', values: features.slice(0, 6).map(({ importance }) => importance) },
  }
}

/** Whether what is told adds up to what the model says. */
function sumWords(gap: number | undefined): string {
  if (gap === undefined) return ''
  return gap < exactSum ? ', adds up' : `, adds up within ${formatNumber(gap, tellingDigits(gap, 0, 2))}`
}

/** Below it only rounding is left. */
const exactSum = 1e-6

export function shapReport(explanation: Explanation, model: Model): ReportBlock[] {
  const scale = scaleWords(explanation, model)
  return [
    {
      block: 'heading',
      text: 'What drives the decision',
      note: `Contributions to ${scale} (${explanation.method}), over ${formatCount(explanation.rows, ...nounsOf(explanation))}.`,
    },
    ...(explanation.cells
      ? cellsChart(explanation, scale)
      : [driversChart(explanation, scale), ...classesTable(explanation), driversTable(explanation)]),
    ...pointBlocks(explanation, scale),
    ...methodLine(explanation),
    baseLine(explanation, scale),
    ...explanation.people.flatMap((person) => personBlocks(person, explanation, model)),
  ]
}

const scales = {
  'log-odds': 'log-odds',
  probability: 'probability',
  margin: 'margin before softmax',
  target: 'prediction',
  'log-target': 'logarithm of the prediction',
} as const

function scaleWords({ space, classes }: Explanation, model: Model): string {
  const target = spaced(model.target ?? 'target')
  if (space === 'target') return `the predicted ${target}`
  if (space === 'log-target') return `the logarithm of the predicted ${target}`
  if (classes) return `the ${scales[space]} of each ${target}`
  return `the ${scales[space]} of ${target}: ${model.positive ?? model.classes?.[1] ?? ''}`
}

/** How the method was picked, and how well its contributions add up. */
function methodLine({ how, gap, space, method }: Explanation): ReportBlock[] {
  if (how === undefined || gap === undefined) return []
  const unit = space === 'target' || space === 'log-target' ? 'the prediction' : 'the probability'
  const sum =
    gap < exactSum
      ? `Base and contributions add up to what the model says, to ${gap.toExponential(0)} of ${unit}.`
      : `Base and contributions add up to what the model says within ${formatNumber(gap, 4)} of ${unit}.`
  return [
    {
      block: 'text',
      text: `${method}. ${how}. ${sum}`,
      ...(gap > looseSum && space !== 'target' && { tone: 'stale' }),
    },
  ]
}

/** A probability that contributions miss by more deserves a warning. */
const looseSum = 0.02

/** Where in pictures the model looks. */
function cellsChart({ cells, rows }: Explanation, scale: string): ReportBlock[] {
  if (!cells) return []
  return [
    {
      block: 'chart',
      title: 'Where it looks',
      note: `Mean push of each place, up or down, on ${scale}, over ${formatCount(rows, 'picture')}.`,
      chart: { type: 'picture', values: gridRows(cells), x: 'mean push' },
    },
  ]
}

const gridRows = ({ rows, columns, values }: PictureShares) =>
  Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns))

function classesTable({ features, classes }: Explanation): ReportBlock[] {
  if (!classes) return []
  const shown = features.slice(0, shownBars)
  return [
    {
      block: 'chart',
      title: 'Mean push, by class',
      chart: {
        type: 'matrix',
        rows: shown.map(({ feature }) => spaced(feature)),
        columns: classes.map(({ name }) => name),
        values: shown.map((_, at) => classes.map(({ importances }) => importances[at]!)),
        x: 'class',
        y: 'feature',
      },
    },
  ]
}

function driversChart({ features, classes }: Explanation, scale: string): ReportBlock {
  const left = features.length - shownBars
  return {
    block: 'chart',
    title: 'Mean push, up or down',
    ...(left > 0 && { note: `${formatCount(left, 'weaker feature')} not shown` }),
    chart: {
      type: 'bars',
      format: 'number',
      x: `mean push on ${scale}`,
      rows: features.slice(0, shownBars).map(({ feature, importance, direction, error }) => ({
        label: spaced(feature),
        estimate: {
          value: importance,
          ...(error && { low: Math.max(0, importance - 1.96 * error), high: importance + 1.96 * error }),
        },
        // of several classes a value that helps one hurts another
        ...(!classes && { note: directions[direction] }),
      })),
    },
  }
}

/** What is explained: people, texts or pictures. */
const nounsOf = ({ cells, people }: Explanation): readonly [string, string] =>
  cells ? ['picture', 'pictures'] : people.some(({ parts }) => parts) ? ['text', 'texts'] : ['person', 'people']

/** Words that are listed. */
const shownWords = 25

/** All columns with their shares; of texts the words that count most. */
function driversTable(explanation: Explanation): ReportBlock {
  const { features, classes } = explanation
  if (nounsOf(explanation)[0] === 'text')
    return {
      block: 'table',
      title: 'Words that count most',
      columns: ['Word', 'Mean push', ...(classes ? [] : ['Where it occurs'])],
      rows: features
        .slice(0, shownWords)
        .map(({ feature, importance, direction }) => [
          feature,
          formatNumber(importance),
          ...(classes ? [] : [occurring[direction]]),
        ]),
    }
  const all = features.reduce((sum, { importance }) => sum + importance, 0)
  return {
    block: 'table',
    title: 'All features',
    columns: ['Feature', 'Mean push', 'Share', ...(classes ? [] : ['Direction'])],
    rows: features.map(({ feature, importance, direction }) => [
      feature,
      formatNumber(importance),
      all > 0 ? formatPercent(importance / all) : '–',
      ...(classes ? [] : [directions[direction]]),
    ]),
    ...(!classes && { note: 'Mixed: text, or numbers whose contribution does not rise or fall with them.' }),
  }
}

const occurring = { 'higher-helps': 'helps', 'higher-hurts': 'hurts', mixed: 'mixed' } as const

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** What contributions are measured against. */
const averages: Readonly<Record<string, string>> = {
  text: 'the text that all are compared with',
  picture: 'the average picture',
}
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

function baseLine(explanation: Explanation, scale: string): ReportBlock {
  const { base, space, classes } = explanation
  const [noun] = nounsOf(explanation)
  const odds = space === 'log-odds' ? `, a probability of ${formatPercent(sigmoid(base))}` : ''
  const start = classes
    ? classes.map((one) => `${one.name} ${formatNumber(one.base)}`).join(', ')
    : `${formatNumber(base)}${odds}`
  return {
    block: 'text',
    text: `Every ${noun} starts from ${start}: ${scale} of ${averages[noun] ?? 'the average person'}. Contributions are added to it.`,
  }
}

function scoreOf({ score, class: given }: Explanation['people'][number], { space }: Explanation, model: Model): string {
  if (model.purpose === 'regression' || space === 'target') return formatNumber(score)
  if (given !== undefined) return `probability ${formatNumber(score, 2)}`
  const limit = model.threshold ?? 0.5
  return `score ${formatNumber(score, tellingDigits(score, limit, 2))}, needs ${formatNumber(limit, 2)}`
}

function personBlocks(person: Person, explanation: Explanation, model: Model): ReportBlock[] {
  const one = personBlock(person, explanation, model)
  if (person.parts) return [wordsBlock(person, one)]
  return person.picture ? [pictureBlock(person, explanation, one)] : [one, waterfall(person, explanation)]
}

/** From the average person to this one, the strongest pushes first. */
function waterfall({ base, contributions, id, row }: Person, explanation: Explanation): ReportBlock {
  const rest = contributions.slice(shownReasons)
  const sum = rest.reduce((total, { contribution }) => total + contribution, 0)
  const steps = contributions.slice(0, shownReasons).map(({ feature, value, contribution }) => ({
    label: `${spaced(feature)} ${value}`,
    change: contribution,
  }))
  const more = rest.length > 0 ? [{ label: formatCount(rest.length, 'weaker feature'), change: sum }] : []
  return {
    block: 'chart',
    title: 'From the average person to this one',
    chart: {
      type: 'waterfall',
      start: { label: 'average person', value: base ?? explanation.base },
      steps: [...steps, ...more],
      end: id ?? `row ${formatInteger(row + 1)}`,
      x: scales[explanation.space],
    },
    rows: { table: explanation.table, places: [row] },
  }
}

/** The text with its words marked; what terms that are not in it push is told below. */
function wordsBlock({ parts = [], contributions }: Person, { title, text }: PersonBlock): ReportBlock {
  const all = contributions.reduce((sum, { contribution }) => sum + contribution, 0)
  const rest = parts.reduce((sum, { contribution }) => sum - contribution, all)
  const absent = Math.abs(rest) > 1e-6 ? ` Words that are not in it: together ${formatSigned(rest)}.` : ''
  return {
    block: 'words',
    title,
    text: text.replace(' What pushed the score up or down, against the average person:', ''),
    parts,
    note: `Solid below: speaks for it; dotted: against.${absent}`,
  }
}

function pictureBlock({ picture }: Person, { space }: Explanation, { title, text }: PersonBlock): ReportBlock {
  const { size, cell, ...grid } = picture!
  return {
    block: 'chart',
    title,
    note: text.replace(' What pushed the score up or down, against the average person:', ''),
    chart: {
      type: 'picture',
      picture: { ...size, bytes: Array.from(pixelsOfCell(cell, size, 'picture')) },
      values: gridRows(grid),
      x: `push on the ${scales[space]}`,
    },
  }
}

type Person = Explanation['people'][number]
type PersonBlock = Extract<ReportBlock, { block: 'person' }>

function personBlock(person: Person, explanation: Explanation, model: Model): PersonBlock {
  const [noun] = nounsOf(explanation)
  const who =
    person.id === undefined ? `The ${noun} in row ${formatInteger(person.row + 1)}` : `${capital(noun)} ${person.id}`
  const rest = person.contributions.slice(shownReasons)
  const sum = rest.reduce((total, { contribution }) => total + contribution, 0)
  const more = rest.length > 0 ? `${formatCount(rest.length, 'weaker feature')} together ${formatSigned(sum)}.` : ''
  const note = [person.note ?? '', more].filter(Boolean).join(' ')
  return {
    block: 'person',
    title: person.class === undefined ? 'One person, explained' : `One ${person.class}, explained`,
    text: `${who}: ${person.outcome} (${scoreOf(person, explanation, model)}). What pushed the score up or down, against the average person:`,
    reasons: person.contributions
      .slice(0, shownReasons)
      .map((reason) => ({ ...reason, feature: spaced(reason.feature) })),
    ...(note && { note }),
  }
}
