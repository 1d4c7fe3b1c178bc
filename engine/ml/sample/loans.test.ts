import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Frame } from '#contract'
import { columnOf, textCells } from '#ml/frame'
import { fitLogistic } from '#ml/linear/logistic'
import { matrix } from '#ml/matrix'
import { csvText } from './csv-text.ts'
import { type LoanSample, loanTruth, sampleLoans } from './loans.ts'

const repository = path.resolve(import.meta.dirname, '../../..')
const page = readFileSync(path.join(repository, 'docs/loans.md'), 'utf8')

let sample: LoanSample
beforeAll(() => {
  sample = sampleLoans({ rows: 10_000, seed: 1 })
})

const numbers = (frame: Frame, name: string): Float64Array => {
  const { cells } = columnOf(frame, name)
  if (cells.kind !== 'number') throw new Error(`${name} is no number`)
  return cells.values
}
const texts = (frame: Frame, name: string): string[] => {
  const { codes, levels } = textCells(columnOf(frame, name))
  return Array.from(codes, (code) => levels[code]!)
}

test('the committed file is what the generator writes', () => {
  expect(readFileSync(path.join(repository, 'examples/loans.csv'), 'utf8')).toBe(csvText(sample.frame))
})

test('a longer table begins with the shorter one', () => {
  const short = csvText(sampleLoans({ rows: 50, seed: 1 }).frame)
  expect(csvText(sample.frame).startsWith(short)).toBe(true)
})

/** The design matrix of the true model: every effect with its true coefficient. */
function design(frame: Frame, savings: Float64Array) {
  const employment = texts(frame, 'employment')
  const purpose = texts(frame, 'purpose')
  const groups = texts(frame, 'age_group')
  const sex = texts(frame, 'sex')
  const { approval } = loanTruth
  const jobs = Object.entries(approval.employment).filter(([name]) => name !== 'employed')
  const aims = Object.entries(approval.purpose).filter(([name]) => name !== 'education')
  const income = numbers(frame, 'income')
  const effects: { name: string; truth: number; values: (row: number) => number }[] = [
    { name: 'log income', truth: approval.logIncome, values: (row) => Math.log(income[row]! / 40_000) },
    { name: 'debt ratio', truth: approval.debtRatio, values: (row) => numbers(frame, 'debt_ratio')[row]! - 0.3 },
    { name: 'log savings', truth: approval.logSavings, values: (row) => Math.log((savings[row]! + 100) / 8_000) },
    {
      name: 'loan to income',
      truth: approval.loanToIncome,
      values: (row) => numbers(frame, 'loan_amount')[row]! / income[row]! - 0.4,
    },
    { name: 'years', truth: approval.yearsAtJob, values: (row) => numbers(frame, 'years_at_job')[row]! },
    ...jobs.map(([name, truth]) => ({ name, truth, values: (row: number) => (employment[row] === name ? 1 : 0) })),
    ...aims.map(([name, truth]) => ({ name, truth, values: (row: number) => (purpose[row] === name ? 1 : 0) })),
    { name: '60+', truth: approval.age60, values: (row) => (groups[row] === '60+' ? 1 : 0) },
    { name: 'sex', truth: approval.sex, values: (row) => (sex[row] === 'female' ? 1 : 0) },
  ]
  return effects
}

describe('the planted truth stands in the data', () => {
  test('a logistic regression on the true reasons finds every coefficient within 3.5 standard errors', () => {
    const { frame, hidden } = sampleLoans({ rows: 40_000, seed: 11 })
    const effects = design(frame, hidden.savings)
    const years = numbers(frame, 'years_at_job')
    const rows = Array.from({ length: frame.rows }, (_, row) => row).filter((row) => !Number.isNaN(years[row]!))
    const x = matrix(rows.length, effects.length)
    rows.forEach((row, index) => {
      effects.forEach((effect, column) => {
        x.values[index * effects.length + column] = effect.values(row)
      })
    })
    const approved = texts(frame, 'approved')
    const fit = fitLogistic(
      x,
      Float64Array.from(rows, (row) => (approved[row] === 'yes' ? 1 : 0)),
      2,
      { penalty: 0, errors: true },
    )
    effects.forEach(({ name, truth }, column) => {
      const distance = Math.abs(fit.coefficients[0]![column]! - truth) / fit.errors![0]![column]!
      expect(distance, name).toBeLessThan(3.5)
    })
  })

  const rate = (frame: Frame, test: (row: number) => boolean, hit: (row: number) => boolean) => {
    let rows = 0
    let hits = 0
    for (let row = 0; row < frame.rows; row++) {
      if (!test(row)) continue
      rows++
      if (hit(row)) hits++
    }
    return hits / rows
  }

  test('the figures that the documentation states are those of the committed file', () => {
    const { frame } = sample
    const approved = texts(frame, 'approved').map((answer) => answer === 'yes')
    const groups = texts(frame, 'age_group')
    const sex = texts(frame, 'sex')
    const savings = numbers(frame, 'savings')
    const income = numbers(frame, 'income')
    const yes = (row: number) => approved[row]!
    const gone = (row: number) => Number.isNaN(savings[row]!)
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`
    const groupRate = (name: string) => rate(frame, (row) => groups[row] === name, yes)
    const state = (label: string, value: string) => expect(page).toContain(`| ${label} | ${value} |`)
    state('approved, all', percent(rate(frame, () => true, yes)))
    for (const name of ['under 30', '30-44', '45-59', '60+']) state(`approved, ${name}`, percent(groupRate(name)))
    const best = Math.max(groupRate('under 30'), groupRate('30-44'), groupRate('45-59'))
    state('age ratio of the answers, 60+ over the best group', (groupRate('60+') / best).toFixed(2))
    const [women, men] = ['female', 'male'].map((name) => rate(frame, (row) => sex[row] === name, yes))
    state('sex ratio of the answers, lower over higher', (Math.min(women!, men!) / Math.max(women!, men!)).toFixed(2))
    state('savings missing, all', percent(rate(frame, () => true, gone)))
    state('savings missing, approved', percent(rate(frame, yes, gone)))
    state('savings missing, refused', percent(rate(frame, (row) => !yes(row), gone)))
    state('savings missing, income below 28 000', percent(rate(frame, (row) => income[row]! < 28_000, gone)))
    state('AUC of the postcode for being 60 or more', proxyAuc(frame).toFixed(2))
    expect(proxyAuc(frame)).toBeGreaterThan(0.77)
    expect(proxyAuc(frame)).toBeLessThan(0.83)
    expect(groupRate('60+') / best).toBeLessThan(0.75)
    for (const [name, value] of Object.entries(loanTruth.savingsMissing))
      expect(page, name).toContain(String(Math.abs(value)))
    for (const effect of design(frame, sample.hidden.savings))
      if (effect.truth !== 0) expect(page, effect.name).toContain(String(effect.truth).replace('-', '−'))
  })

  /** AUC of each postcode's share of people aged 60 or more as a score for being one; ties count half. */
  function proxyAuc(frame: Frame): number {
    const { codes, levels } = textCells(columnOf(frame, 'postcode'))
    const old = texts(frame, 'age_group').map((group) => group === '60+')
    const counts = levels.map((_, code) => {
      const rows = Array.from(codes.keys()).filter((row) => codes[row] === code)
      const positives = rows.filter((row) => old[row]).length
      return { positives, negatives: rows.length - positives, share: positives / rows.length }
    })
    let pairs = 0
    let won = 0
    for (const a of counts)
      for (const b of counts) {
        pairs += a.positives * b.negatives
        won += a.positives * b.negatives * (a.share > b.share ? 1 : a.share === b.share ? 0.5 : 0)
      }
    return won / pairs
  }

  test('without age and sex a linear model is still unfair to the old, and fair to both sexes', () => {
    const { frame } = sample
    const age60 = texts(frame, 'age_group').map((group) => group === '60+')
    const sex = texts(frame, 'sex')
    const savings = numbers(frame, 'savings')
    const years = numbers(frame, 'years_at_job')
    const middle = (values: Float64Array) =>
      values.filter((value) => !Number.isNaN(value)).sort()[Math.floor(values.length / 2.5)]!
    const fill = (values: Float64Array) => values.map((value) => (Number.isNaN(value) ? middle(values) : value))
    const savingsFilled = fill(savings)
    const postcode = textCells(columnOf(frame, 'postcode'))
    const employment = textCells(columnOf(frame, 'employment'))
    const plain = [
      numbers(frame, 'income').map((value) => value / 20_000),
      numbers(frame, 'debt_ratio'),
      fill(years).map((value) => value / 10),
      savingsFilled.map((value) => value / 10_000),
      savings.map((value) => (Number.isNaN(value) ? 1 : 0)),
      numbers(frame, 'loan_amount').map((value) => value / 10_000),
    ]
    const width = plain.length + postcode.levels.length + employment.levels.length
    const x = matrix(frame.rows, width)
    for (let row = 0; row < frame.rows; row++) {
      plain.forEach((values, column) => {
        x.values[row * width + column] = values[row]!
      })
      x.values[row * width + plain.length + postcode.codes[row]!] = 1
      x.values[row * width + plain.length + postcode.levels.length + employment.codes[row]!] = 1
    }
    const answers = Float64Array.from(texts(frame, 'approved'), (answer) => (answer === 'yes' ? 1 : 0))
    const fit = fitLogistic(x, answers, 2, { penalty: 1 })
    const granted = Array.from({ length: frame.rows }, (_, row) => {
      let score = fit.intercepts[0]!
      for (let column = 0; column < width; column++)
        score += x.values[row * width + column]! * fit.coefficients[0]![column]!
      return score >= 0
    })
    const share = (test: (row: number) => boolean) => rate(frame, test, (row) => granted[row]!)
    const ageRatio = share((row) => age60[row]!) / share((row) => !age60[row]!)
    const sexRatio = share((row) => sex[row] === 'female') / share((row) => sex[row] === 'male')
    expect(ageRatio).toBeLessThan(0.72)
    expect(Math.min(sexRatio, 1 / sexRatio)).toBeGreaterThan(0.93)
    expect(page).toContain(`| age ratio of that model, 60+ over all others | ${ageRatio.toFixed(2)} |`)
    expect(page).toContain(`| sex ratio of that model | ${sexRatio.toFixed(2)} |`)
  })
})
