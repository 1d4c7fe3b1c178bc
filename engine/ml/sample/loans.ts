import type { Frame } from '#contract'
import { createRandom, type Random } from '#ml/random/random'
import { numberColumn, textColumn } from './sample-columns.ts'

/**
 * Loan applications with a known truth: who is approved follows a logistic model on sound reasons plus a planted
 * penalty on everyone aged 60 or more. The postcode has no effect of its own but tells age, and savings are missing
 * more often where the answer was no, income is low or savings are small. `docs/loans.md` says it in words.
 */
export const loanTruth = {
  /** Log-odds of approval. Logs are natural, of thousands where money is meant. */
  approval: {
    intercept: 0.85,
    logIncome: 1.1,
    debtRatio: -3.4,
    yearsAtJob: 0.045,
    logSavings: 0.3,
    loanToIncome: -0.9,
    employment: { employed: 0, 'part-time': -0.1, retired: 0, 'self-employed': -0.35, unemployed: -1.3 },
    purpose: { business: -0.25, car: 0.1, 'debt consolidation': -0.3, education: 0, home: 0.25, medical: 0 },
    /** The planted bias: added to the log-odds of everyone in the age group 60+, all else being equal. */
    age60: -1.2,
    sex: 0,
    postcode: 0,
  },
  /** Log-odds that the savings are missing. */
  savingsMissing: { intercept: -2.4, refused: 0.9, lowIncome: 0.7, smallSavings: 0.8 },
  lowIncome: 28_000,
  smallSavings: 2_500,
  yearsAtJobMissing: 0.03,
} as const

export const loanRoles = {
  applicant: 'id',
  age: 'protected',
  age_group: 'protected',
  sex: 'protected',
  approved: 'target',
} as const

const ageGroups = [
  { name: 'under 30', share: 0.2, from: 19, to: 29 },
  { name: '30-44', share: 0.32, from: 30, to: 44 },
  { name: '45-59', share: 0.27, from: 45, to: 59 },
  { name: '60+', share: 0.21, from: 60, to: 82 },
] as const

/** Three rings of districts: young centre, mixed ring, old edge; weights are the shares of each age group that lives there. */
const rings = [
  { codes: ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8'], old: 0.09, young: 0.42 },
  { codes: ['N1', 'N2', 'N3', 'N4', 'E1', 'E2', 'E3', 'E4'], old: 0.27, young: 0.45 },
  { codes: ['S1', 'S2', 'S3', 'S4', 'W1', 'W2', 'W3', 'W4'], old: 0.64, young: 0.13 },
] as const

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))

function choose<T>(random: Random, options: readonly T[], share: (option: T) => number): T {
  let draw = random.uniform()
  for (const option of options) {
    draw -= share(option)
    if (draw < 0) return option
  }
  return options.at(-1)!
}

type Employment = keyof typeof loanTruth.approval.employment
type Purpose = keyof typeof loanTruth.approval.purpose

function drawEmployment(random: Random, age: number, female: boolean): Employment {
  const partTime = female ? 0.13 : 0.09
  const retired = age >= 67 ? 0.85 : age >= 60 ? 0.3 : 0
  const rest = 1 - retired
  return choose<readonly [Employment, number]>(
    random,
    [
      ['retired', retired],
      ['unemployed', 0.06 * rest],
      ['self-employed', 0.13 * rest],
      ['part-time', partTime * rest],
      ['employed', 1],
    ],
    ([, share]) => share,
  )[0]
}

const incomeFactor: Record<Employment, number> = {
  employed: 1,
  'part-time': 0.72,
  retired: 0.9,
  'self-employed': 1.1,
  unemployed: 0.42,
}
const purposeShares: readonly (readonly [Purpose, number])[] = [
  ['car', 0.27],
  ['home', 0.24],
  ['debt consolidation', 0.2],
  ['education', 0.11],
  ['business', 0.1],
  ['medical', 1],
]

interface Applicant {
  readonly income: number
  readonly debtRatio: number
  readonly employment: Employment
  readonly yearsAtJob: number
  readonly postcode: string
  readonly age: number
  readonly ageGroup: string
  readonly sex: string
  readonly savings: number
  readonly loanAmount: number
  readonly purpose: Purpose
}

const round = (value: number, step: number) => Math.round(value / step) * step

function drawApplicant(random: Random): Applicant {
  const group = choose(random, ageGroups, ({ share }) => share)
  const age = group.from + random.integer(group.to - group.from + 1)
  const female = random.uniform() < 0.49
  const employment = drawEmployment(random, age, female)
  const income = Math.max(6_000, round(41_000 * incomeFactor[employment] * Math.exp(0.42 * random.normal()), 100))
  const debtRatio = Math.round(1_000 * Math.min(0.95, sigmoid(-0.85 + 0.65 * random.normal()))) / 1_000
  const working = employment === 'unemployed' ? 0 : Math.min(age - 18, -Math.log(1 - random.uniform()) * 7)
  const ring = choose(random, rings, ({ old, young }) => (group.name === '60+' ? old : young))
  return {
    income,
    debtRatio,
    employment,
    yearsAtJob: Math.round(working * 2) / 2,
    postcode: ring.codes[random.integer(ring.codes.length)]!,
    age,
    ageGroup: group.name,
    sex: female ? 'female' : 'male',
    savings: round(income * 0.2 * Math.exp(1.1 * random.normal()), 10),
    loanAmount: Math.max(1_000, round(income * 0.38 * Math.exp(0.55 * random.normal()), 100)),
    purpose: choose(random, purposeShares, ([, share]) => share)[0],
  }
}

/** True log-odds of approval. */
function approvalLogOdds(applicant: Applicant): number {
  const truth = loanTruth.approval
  return (
    truth.intercept +
    truth.logIncome * Math.log(applicant.income / 40_000) +
    truth.debtRatio * (applicant.debtRatio - 0.3) +
    truth.yearsAtJob * applicant.yearsAtJob +
    truth.logSavings * Math.log((applicant.savings + 100) / 8_000) +
    truth.loanToIncome * (applicant.loanAmount / applicant.income - 0.4) +
    truth.employment[applicant.employment] +
    truth.purpose[applicant.purpose] +
    (applicant.ageGroup === '60+' ? truth.age60 : 0)
  )
}

function savingsMissingLogOdds(applicant: Applicant, approved: boolean): number {
  const truth = loanTruth.savingsMissing
  return (
    truth.intercept +
    (approved ? 0 : truth.refused) +
    (applicant.income < loanTruth.lowIncome ? truth.lowIncome : 0) +
    (applicant.savings < loanTruth.smallSavings ? truth.smallSavings : 0)
  )
}

export interface LoanSample {
  /** What an analyst gets. */
  readonly frame: Frame
  /** What stays hidden: true probabilities of approval and the savings before some went missing. */
  readonly hidden: { readonly probability: Float64Array; readonly savings: Float64Array }
}

/** Draws loan applications; row k depends on seed and k alone, so a longer table begins with the shorter one. */
export function sampleLoans(options: { readonly rows: number; readonly seed: number }): LoanSample {
  const { rows, seed } = options
  const root = createRandom(seed).split('loans')
  const applicants: Applicant[] = []
  const approved: string[] = []
  const savings = new Float64Array(rows)
  const years = new Float64Array(rows)
  const probability = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const random = root.split(row)
    const applicant = drawApplicant(random)
    probability[row] = sigmoid(approvalLogOdds(applicant))
    const granted = random.uniform() < probability[row]!
    const hidden = random.uniform() < sigmoid(savingsMissingLogOdds(applicant, granted))
    savings[row] = hidden ? Number.NaN : applicant.savings
    years[row] = random.uniform() < loanTruth.yearsAtJobMissing ? Number.NaN : applicant.yearsAtJob
    applicants.push(applicant)
    approved.push(granted ? 'yes' : 'no')
  }
  const width = Math.max(5, String(rows).length)
  const numbers = (name: string, type: 'integer' | 'number', of: (applicant: Applicant) => number) =>
    numberColumn(name, type, applicants.map(of))
  const texts = (name: string, of: (applicant: Applicant) => string) => textColumn(name, applicants.map(of))
  const columns = [
    textColumn(
      'applicant',
      applicants.map((_, row) => `A${String(row + 1).padStart(width, '0')}`),
    ),
    numbers('income', 'integer', ({ income }) => income),
    numbers('debt_ratio', 'number', ({ debtRatio }) => debtRatio),
    texts('employment', ({ employment }) => employment),
    numberColumn('years_at_job', 'number', years, true),
    texts('postcode', ({ postcode }) => postcode),
    numbers('age', 'integer', ({ age }) => age),
    texts('age_group', ({ ageGroup }) => ageGroup),
    texts('sex', ({ sex }) => sex),
    numberColumn('savings', 'integer', savings, true),
    numbers('loan_amount', 'integer', ({ loanAmount }) => loanAmount),
    texts('purpose', ({ purpose }) => purpose),
    textColumn('approved', approved),
  ]
  return {
    frame: { rows, columns },
    hidden: { probability, savings: Float64Array.from(applicants, (applicant) => applicant.savings) },
  }
}
