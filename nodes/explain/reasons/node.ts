import { z } from 'zod'
import { defineNode, type PortSchema, type Problem } from '#contract'
import { inferJudgement } from '../../assess/infer-judgement.ts'
import { unknownFavourable } from '../../fairness/audit/audited-rows.ts'
import { markProtected, rowChoices, whoChoices } from './decided-people.ts'
import { sides } from './outcomes.ts'
import { tableColumns } from './reasons-table.ts'
import { reasonsCard, reasonsReport } from './report.ts'
import { giveReasons, groupProblems, type ReasonsParams } from './run.ts'

const marked = (table: PortSchema, { protected: chosen }: ReasonsParams) =>
  table.columns && markProtected(table.columns, chosen)

function inferProblems(model: PortSchema, table: PortSchema, params: ReasonsParams): Problem[] {
  const columns = marked(table, params)
  const { target: _, ...judged } = model
  const problems = [...inferJudgement([judged], table), ...(columns ? groupProblems(columns) : [])]
  const outcomes = model.purpose === 'regression' ? sides : model.classes
  if (params.favourable !== '' && outcomes && !outcomes.includes(params.favourable))
    problems.push(unknownFavourable(params.favourable, outcomes))
  if (params.who === 'named' && params.named.trim() === '')
    problems.push({
      code: 'parameter-bad',
      message: 'Nobody is named.',
      path: ['params', 'named'],
      fix: 'Write ids or row numbers, or let the node choose',
    })
  return problems
}

const statement = z.object({
  feature: z.string().meta({ title: 'Column', widget: 'column' }),
  statement: z.string().meta({
    title: 'Statement',
    description: 'What the person is told; {value} is theirs.',
    placeholder: 'R12 Debt too high against income',
  }),
})

export default defineNode({
  type: 'explain/reasons',
  version: 1,
  title: 'Reasons',
  doc: `Gives the reason codes of single people, in the order and words in which they could be told them, beside what became of the most similar people of the same protected group and of others; and counts whether groups are refused for different reasons.

**Reasons** are the features with the largest Shapley values (those of explain/shap by itself: exact for linear models and trees, estimated for networks) that spoke for the decision made: against the person where it is unfavourable. Four at most unless told, as creditors who give notice of adverse action do (12 CFR 1002.9(b)(2), official comment 1). The words set the person's value beside the values of those with the favourable outcome; they compare, and say nothing of causes.

**Of several classes** two are compared for each person: the one given and the next likely one, or the favourable one where it is named. Contributions are those to the first less those to the second, which Shapley values allow since they are additive; on margins they are log-odds of one against the other. Told are the reasons for the class given, and those that spoke for the other. **Of numbers** the reasons are for a prediction above or below the base, the mean prediction that contributions start from. **Of texts** reasons are words, in the text or not; **of pictures** the 8 × 8 regions, with their brightness.

**Changes** (when asked for) are the smallest found that lead to another decision: to the favourable one for those who miss it, else to the next class or the other side. A genetic search over values that occur in training rows (Sharma, Henderson & Ghosh, *AIES* 2020; Schleich et al., *PVLDB* 14, 2021) with a cost of gaps in median absolute deviations and half a one for each column, then taken back as far as the decision allows. Protected and fixed columns stay; others may be told to rise or fall only. Of texts it is the words that would have to be missing, of pictures the regions that would have to look average: left out until the decision changes, then put back where they are not needed (Martens & Provost, *MIS Quarterly* 38, 2014). It says what the model would decide, not that the change is possible or that it would have the same cause.

**People alike** are the nearest ones among the judged rows on the features that move the model: the squared distance is the sum of squared gaps in standard deviations, and 2 for a text or truth value that differs or is missing on one side, which is what two people drawn at random differ by in a standardised number (a heterogeneous Euclidean metric, as in Wilson & Martinez, *JAIR* 6, 1997). All features weigh the same, so that likeness does not follow the score. Where people like someone fare better in other groups than in their own, treatment differs between equals (Dwork et al., *ITCS* 2012; Luong, Ruggieri & Turini, *KDD* 2011).

**Groups**: among those who miss the favourable outcome, how often each feature is the first reason (Wilson's interval), and how those most like them fare in their own group and in others (mean difference with a normal interval that takes people as independent). Pearson's chi-square test over the groups with 30 refused people or more says whether first reasons depend on the group, with Holm's correction over the protected columns; reasons with few cases are counted together. Figures: reasons.gap.COLUMN is the largest difference of a first reason between a group and the other large ones (Newcombe's interval, not corrected for having picked it), reasons.alike-gap.COLUMN the largest mean difference among people alike.

The table has a row for each explained person: id, protected columns, decision, score, and reason_1, reason_1_value, reason_1_effect, reason_1_words and so on; of several classes also the other class with its score and words; with changes what would have to be different.`,
  keywords: [
    'reason codes',
    'adverse action',
    'notice',
    'explanation',
    'neighbours',
    'similar people',
    'refused',
    'point level',
  ],
  inputs: {
    model: { type: 'model', doc: 'The model whose decisions are explained.' },
    table: { type: 'table', doc: 'People to explain and to compare with; with a split column the test rows are used.' },
  },
  outputs: {
    evaluation: { type: 'evaluation', doc: 'Reasons of people and of groups, with people alike.' },
    table: { type: 'table', doc: 'A row a person: decision, score and reasons in order.' },
  },
  params: z.object({
    rows: z.enum(rowChoices).default('test').meta({
      title: 'Rows',
      description: 'Which part of the split is judged; all rows when the table has no split.',
    }),
    who: z.enum(whoChoices).default('nearest').meta({
      title: 'People',
      description:
        'Nearest: those refused who are nearest to the limit. Refused: everybody who is. Of several classes without a favourable one all count.',
    }),
    people: z
      .int()
      .min(1)
      .max(10_000)
      .default(10)
      .meta({
        title: 'How many',
        description: 'People who are explained one by one.',
        unit: 'people',
        when: { who: ['nearest', 'random'] },
      }),
    named: z
      .string()
      .default('')
      .meta({
        title: 'Named',
        description: 'Values of the column of role id, or row numbers counted from 1, with commas between them.',
        placeholder: 'A00017, A00230',
        when: { who: ['named'] },
      }),
    reasons: z.int().min(1).max(12).default(4).meta({
      title: 'Reasons',
      description: 'The most reasons a person is given.',
    }),
    direction: z.enum(['decision', 'both']).default('decision').meta({
      title: 'Which reasons',
      description: 'Decision: what spoke for the decision made. Both: the strongest, whichever way they push.',
    }),
    neighbours: z.int().min(1).max(100).default(5).meta({
      title: 'People alike',
      description: 'How many of the most similar people of the same group, and of other groups, are looked at.',
      unit: 'people',
    }),
    protected: z
      .array(z.string())
      .default([])
      .meta({
        title: 'Protected columns',
        description: 'Columns to compare groups by; none chosen takes those of role protected.',
        widget: 'columns',
        types: ['boolean', 'integer', 'number', 'text', 'date'],
      }),
    favourable: z.string().default('').meta({
      title: 'Favourable outcome',
      description:
        'The class that is good for people: empty takes the positive one of two, and of several the one each is given. Of numbers: above or below.',
      placeholder: 'from the model',
    }),
    statements: z.array(statement).default([]).meta({
      title: 'Statements',
      description: 'Own reason codes: what is told of a feature in place of the comparison.',
      widget: 'rows',
      advanced: true,
    }),
    changes: z.boolean().default(false).meta({
      title: 'Changes',
      description: 'Look for the smallest change that leads to another decision, for the first 20 people.',
    }),
    fixed: z
      .array(z.string())
      .default([])
      .meta({
        title: 'Cannot change',
        description: 'Besides protected columns, which never do.',
        widget: 'columns',
        when: { changes: [true] },
      }),
    rising: z
      .array(z.string())
      .default([])
      .meta({
        title: 'Can only rise',
        description: 'As time with an employer.',
        widget: 'columns',
        types: ['integer', 'number', 'date'],
        when: { changes: [true] },
      }),
    falling: z
      .array(z.string())
      .default([])
      .meta({
        title: 'Can only fall',
        description: 'As the amount asked for.',
        widget: 'columns',
        types: ['integer', 'number', 'date'],
        when: { changes: [true] },
      }),
    mostRows: z.int().min(1).max(100_000).default(2_000).meta({
      title: 'At most',
      description: 'Larger tables are judged on a seeded sample of their rows.',
      unit: 'rows',
      advanced: true,
    }),
    mostEstimatedRows: z.int().min(1).max(100_000).default(200).meta({
      title: 'At most, estimated',
      description: 'Texts and pictures whose model can only be asked take thousands of made-up ones for each.',
      unit: 'rows',
      advanced: true,
    }),
  }),
  async infer({ inputs, params }) {
    const problems = inferProblems(inputs.model, inputs.table, params)
    if (problems.length > 0) return problems
    const columns = marked(inputs.table, params)
    const { reasons, changes } = params
    const several = inputs.model.purpose === 'multiclass'
    const known = columns && inputs.model.purpose !== undefined
    return {
      evaluation: { metrics: ['reasons.'] },
      table: known ? { columns: tableColumns({ columns, reasons, several, changes }) } : {},
    }
  },
  run: giveReasons,
  card: ({ outputs }) => reasonsCard(outputs.evaluation),
  report: async ({ inputs, outputs }) => reasonsReport(outputs.evaluation, inputs.model),
})
