import type { AlikePeople, PersonReasons, ReasonCodes, ReportBlock } from '#contract'
import { pixelsOfCell } from '#ml/image/pixel-cells'
import { formatInteger, formatNumber, formatSigned } from '#report/format-number'
import { tellingDigits } from '#report/telling-digits'
import { capital, spaced, type Wording } from '../../fairness/report/wording.ts'
import { changeWords } from './reasons-table.ts'
import { nounsOf } from './wording.ts'

const shownPeople = 3

/** A few people in full, with those most like them. */
export function peopleBlocks(codes: ReasonCodes, words: Wording): ReportBlock[] {
  const { people } = codes
  if (people.length === 0) return []
  return [
    { block: 'heading', text: `Single ${nounsOf(codes)[1]}` },
    ...people
      .slice(0, shownPeople)
      .flatMap((person) => [personBlock(person, codes, words), ...drawnBlocks(person), ...alikeBlocks(person)]),
    ...(people.length > shownPeople ? [otherPeople(people.slice(shownPeople), codes)] : []),
  ]
}

const nameOf = ({ row, id }: { readonly row: number; readonly id?: string }) => id ?? `row ${formatInteger(row + 1)}`

function personBlock(person: PersonReasons, codes: ReasonCodes, words: Wording): ReportBlock {
  const { space, method, kind, favourable } = codes
  const outcome = person.given ?? `${person.favourable ? '' : 'not '}${words.adjective}`
  const told = toldWords(person.reasons)
  const towards =
    kind === 'given' && person.other
      ? `for ${person.given} against ${person.other.class}`
      : `towards ${kind === 'number' ? `a ${favourable === 'above' ? 'higher' : 'lower'} prediction` : 'the favourable outcome'}`
  return {
    block: 'person',
    title: `${capital(nameOf(person))}: ${outcome}`,
    text: [
      scoreSentence(person, codes),
      told || 'No feature spoke for the decision.',
      ...otherSentences(person),
      ...changeSentences(person, words),
    ].join(' '),
    reasons: person.reasons.map(({ feature, value, contribution }) => ({
      feature: spaced(feature),
      value,
      contribution,
    })),
    note: [`${method}, ${towards}, on the ${scaleNames[space]}.`, alikeSentence(person.alike, kind === 'given')]
      .filter(Boolean)
      .join(' '),
  }
}

/** The text with its words marked, or the picture under its regions. */
function drawnBlocks({ parts, picture, given }: PersonReasons): readonly ReportBlock[] {
  const what = given === undefined ? 'the decision' : spaced(given)
  if (parts)
    return [
      {
        block: 'words',
        title: 'Its words',
        text: '',
        parts,
        note: `Solid below: speaks for ${what}; dotted: against.`,
      },
    ]
  if (!picture) return []
  const { size, cell, rows, columns, values } = picture
  return [
    {
      block: 'chart',
      title: 'Its regions',
      chart: {
        type: 'picture',
        picture: { ...size, bytes: Array.from(pixelsOfCell(cell, size, 'picture')) },
        values: Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns)),
        x: `push for ${what}`,
      },
    },
  ]
}

const toldWords = (reasons: PersonReasons['reasons']) =>
  reasons.map(({ words }, at) => `${at + 1}. ${words}.`).join(' ')

const scaleNames: Readonly<Record<ReasonCodes['space'], string>> = {
  'log-odds': 'log-odds',
  probability: 'probability',
  margin: 'margin',
  target: 'prediction',
  'log-target': 'logarithm of the prediction',
}

function scoreSentence({ score, given, other, favourable }: PersonReasons, { kind, limit = 0 }: ReasonCodes): string {
  if (kind === 'number') return `Predicted ${formatNumber(score)}, base ${formatNumber(limit)}.`
  if (given === undefined || !other)
    return `Score ${formatNumber(score, tellingDigits(score, limit, 2))}, needs ${formatNumber(limit, 2)}.`
  const compared = favourable ? `, next ${other.class} ${formatNumber(other.score, 2)}` : ''
  return `Score ${formatNumber(score, 2)}${favourable ? '' : ` for ${other.class}`}${compared}.`
}

function otherSentences({ other }: PersonReasons): readonly string[] {
  return other && other.reasons.length > 0 ? [`What spoke for ${other.class}: ${toldWords(other.reasons)}`] : []
}

function changeSentences({ change, given, favourable }: PersonReasons, { adjective }: Wording): readonly string[] {
  if (change === undefined) return []
  if (!change) return ['No change was found that leads to another decision.']
  const outcome = given === undefined ? `${favourable ? 'not ' : ''}${adjective}` : change.to
  const words = changeWords(change)
  return [`It would be ${outcome} ${words.startsWith('without ') ? '' : 'with '}${words}.`]
}

function alikeSentence(alike: PersonReasons['alike'], ofClass: boolean): string {
  const share = ({ rows, favourable }: AlikePeople) =>
    favourable === null ? 'nobody' : `${formatInteger(Math.round(favourable * rows))} of ${formatInteger(rows)}`
  const listed = alike.map(
    ({ column, group, same, other }) => `${spaced(column)} ${group} ${share(same)}, other groups ${share(other)}`,
  )
  return listed.length === 0
    ? ''
    : `${ofClass ? 'Given the same' : 'Favourable'} among those most alike: ${listed.join('; ')}.`
}

/** People alike by the column in which others fare most differently; each with what is not as with the person. */
function alikeBlocks(person: PersonReasons): ReportBlock[] {
  const gap = ({ same, other }: PersonReasons['alike'][number]) => (other.favourable ?? 0) - (same.favourable ?? 0)
  const [widest] = [...person.alike].sort((a, b) => Math.abs(gap(b)) - Math.abs(gap(a)))
  if (!widest || widest.same.rows + widest.other.rows === 0) return []
  const { column, group, same, other } = widest
  const people = [...same.nearest, ...other.nearest]
  const own = new Map(people.flatMap(({ differs }) => differs.map(({ feature, own: value }) => [feature, value])))
  const decision = ({ favourable, given }: { readonly favourable: boolean; readonly given?: string }) => {
    const text = given ?? (favourable ? 'favourable' : 'unfavourable')
    return favourable ? { text, tone: 'ok' as const } : { text }
  }
  const said = (values: Iterable<readonly [string, string]>) =>
    Array.from(values, ([feature, value]) => `${spaced(feature)} ${value}`).join(', ')
  return [
    {
      block: 'table',
      title: `${nameOf(person)} and those most alike, ${spaced(column)} ${group} and others`,
      columns: ['Who', capital(spaced(column)), 'Decision', 'Score', 'Distance', 'What differs'],
      rows: [
        [nameOf(person), group, decision(person), formatNumber(person.score, 2), '', said(own)],
        ...people.map((one) => [
          nameOf(one),
          one.group,
          decision(one),
          formatNumber(one.score, 2),
          formatNumber(one.distance, 2),
          said(one.differs.map(({ feature, theirs }) => [feature, theirs] as const)) || 'nothing',
        ]),
      ],
      note: 'Distance: over all features that move the model, each in standard deviations.',
    },
  ]
}

function otherPeople(people: readonly PersonReasons[], codes: ReasonCodes): ReportBlock {
  const { kind, limit } = codes
  const score = (own: number) =>
    kind === 'number' ? formatNumber(own) : formatNumber(own, limit === undefined ? 2 : tellingDigits(own, limit, 2))
  const several = people.every(({ given }) => given !== undefined)
  return {
    block: 'table',
    title: `More ${nounsOf(codes)[1]}`,
    columns: ['Who', ...(several ? ['Given'] : []), 'Score', 'Reasons'],
    rows: people.map((person) => [
      nameOf(person),
      ...(several ? [person.given!] : []),
      score(person.score),
      person.reasons.map(({ feature, contribution }) => `${spaced(feature)} ${formatSigned(contribution)}`).join(', '),
    ]),
    note: 'The table at the node’s output has all that were asked for.',
  }
}
