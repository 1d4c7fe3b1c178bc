import type { Frame } from '#contract'
import { createRandom, type Random } from '#ml/random/random'
import { numberColumn, textColumn } from './sample-columns.ts'

/**
 * Customers of a telephone company, some of whom leave. Who leaves follows a logistic model. The refund is a leak: it is
 * paid because somebody has left, so it is not known when the question is asked. The age group has no effect of its own,
 * but the old have been customers for longer and call the service more often.
 */
export const churnTruth = {
  /** Log-odds of leaving. */
  leaving: {
    intercept: -2.35,
    /** Per year of being a customer. */
    tenureYears: -0.28,
    /** Per 10 of the monthly fee above 40. */
    fee: 0.32,
    serviceCalls: 0.42,
    latePayments: 0.3,
    contract: { 'month to month': 1.3, 'one year': 0, 'two years': -0.9 },
    ageGroup: 0,
    region: 0,
  },
  /** Share of those who left, and of those who stayed, with a refund. */
  refund: { left: 0.96, stayed: 0.01 },
} as const
type Contract = keyof typeof churnTruth.leaving.contract

export const churnRoles = { customer: 'id', age_group: 'protected', left: 'target' } as const

const ageGroups = ['under 35', '35-59', '60+'] as const
const regions = ['centre', 'coast', 'north', 'south', 'west'] as const
const contracts = ['month to month', 'one year', 'two years'] as const satisfies readonly Contract[]

interface Customer {
  readonly ageGroup: (typeof ageGroups)[number]
  readonly region: string
  readonly contract: Contract
  readonly tenureMonths: number
  readonly fee: number
  readonly serviceCalls: number
  readonly latePayments: number
}

/** Draws of a Poisson distribution by products of uniforms (Knuth, TAOCP 2, 3.4.1). */
function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean)
  let [count, product] = [0, random.uniform()]
  while (product > limit) {
    count++
    product *= random.uniform()
  }
  return count
}

function drawCustomer(random: Random): Customer {
  const ageGroup = ageGroups[random.integer(ageGroups.length)]!
  const old = ageGroup === '60+'
  const draw = random.uniform()
  return {
    ageGroup,
    region: regions[random.integer(regions.length)]!,
    contract: contracts[draw < 0.5 ? 0 : draw < 0.8 ? 1 : 2]!,
    tenureMonths: Math.min(180, Math.round(-Math.log(1 - random.uniform()) * (old ? 48 : 30))),
    fee: Math.round(10 * Math.max(10, 40 + 14 * random.normal())) / 10,
    serviceCalls: poisson(random, old ? 1.4 : 0.9),
    latePayments: poisson(random, 0.5),
  }
}

function leavingLogOdds(customer: Customer): number {
  const truth = churnTruth.leaving
  return (
    truth.intercept +
    truth.tenureYears * (customer.tenureMonths / 12) +
    truth.fee * ((customer.fee - 40) / 10) +
    truth.serviceCalls * customer.serviceCalls +
    truth.latePayments * customer.latePayments +
    truth.contract[customer.contract]
  )
}

export interface ChurnSample {
  readonly frame: Frame
  /** True probabilities of leaving. */
  readonly hidden: { readonly probability: Float64Array }
}

/** Draws customers; row k depends on seed and k alone. */
export function sampleChurn(options: { readonly rows: number; readonly seed: number }): ChurnSample {
  const { rows, seed } = options
  const root = createRandom(seed).split('churn')
  const drawn = Array.from({ length: rows }, (_, row) => {
    const random = root.split(row)
    const customer = drawCustomer(random)
    const probability = 1 / (1 + Math.exp(-leavingLogOdds(customer)))
    const left = random.uniform() < probability
    const refunded = random.uniform() < (left ? churnTruth.refund.left : churnTruth.refund.stayed)
    const refund = refunded ? Math.round(customer.fee * (20 + 60 * random.uniform())) / 100 : 0
    return { ...customer, probability, left, refund }
  })
  const width = Math.max(5, String(rows).length)
  const numbers = (name: string, type: 'integer' | 'number', of: (one: (typeof drawn)[number]) => number) =>
    numberColumn(name, type, drawn.map(of))
  const texts = (name: string, of: (one: (typeof drawn)[number], row: number) => string) =>
    textColumn(name, drawn.map(of))
  return {
    frame: {
      rows,
      columns: [
        texts('customer', (_, row) => `C${String(row + 1).padStart(width, '0')}`),
        numbers('tenure_months', 'integer', ({ tenureMonths }) => tenureMonths),
        texts('contract', ({ contract }) => contract),
        numbers('monthly_fee', 'number', ({ fee }) => fee),
        numbers('service_calls', 'integer', ({ serviceCalls }) => serviceCalls),
        numbers('late_payments', 'integer', ({ latePayments }) => latePayments),
        texts('region', ({ region }) => region),
        numbers('refund', 'number', ({ refund }) => refund),
        texts('age_group', ({ ageGroup }) => ageGroup),
        texts('left', ({ left }) => (left ? 'yes' : 'no')),
      ],
    },
    hidden: { probability: Float64Array.from(drawn, ({ probability }) => probability) },
  }
}
