/** Reasons beyond two classes of columns: several classes, numbers, texts, pictures, and what would change a decision. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Evaluation, Explanation, Frame, Model, PersonReasons, Table } from '#contract'
import { cellText, columnOf } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import prepare from '../../prepare/prepare/node.ts'
import boosting from '../../train/boosting/node.ts'
import forest from '../../train/forest/node.ts'
import linear from '../../train/linear/node.ts'
import network from '../../train/neural-network/node.ts'
import shap from '../shap/node.ts'
import { type Params, splitLoans, splitPieces, train as trainOn } from '../testing-explained.ts'
import node from './node.ts'

let scratch: Scratch
let frame: Frame
let loans: Table
beforeAll(async () => {
  scratch = await openScratch({ seed: 3 })
  frame = splitLoans(700)
  loans = await scratch.context.tables.write(frame)
})
afterAll(() => scratch.close())

const train = (learner: AnyNode, params: Params, table = loans) => trainOn(scratch, learner, table, params)
async function reasonsOf(model: Model, params: Params = {}, table = loans) {
  const { outputs, inferred, blocks, card } = await runNode(scratch, node as AnyNode, { model, table }, params)
  const evaluation = outputs['evaluation'] as Evaluation
  const announced = (
    inferred as unknown as { readonly table: { readonly columns: readonly { readonly name: string }[] } }
  ).table
  const made = outputs['table'] as Table
  expect(made.columns.map(({ name }) => name)).toEqual(announced.columns.map(({ name }) => name))
  const text = JSON.stringify(blocks)
  expect(text).not.toMatch(/undefined|NaN|Infinity/)
  return { codes: evaluation.reasons!, table: made, text, card: card!.text, evaluation }
}
/** What explain/shap says of a row and a class. */
async function shapOf(model: Model, row: number, named: string, table = loans) {
  const params = { who: 'named', person: String(row + 1), class: named, background: 50 }
  const { outputs } = await runNode(scratch, shap as AnyNode, { model, table }, params)
  const [person] = (outputs['explanation'] as Explanation).people
  return (feature: string) => person!.contributions.find((one) => one.feature === feature)!.contribution
}
const scoresOf = async (model: Model, of: Frame = frame) => {
  const { values } = await scratch.context.models.score(model, of)
  const width = values.length / of.rows
  return (row: number) => Array.from(values.subarray(row * width, (row + 1) * width))
}

describe('several classes', () => {
  test.each([
    ['linear', linear as AnyNode, { folds: 0 }, 'log-odds'],
    ['boosting', boosting as AnyNode, { rounds: 15, folds: 0 }, 'log-odds'],
    ['forest', forest as AnyNode, { trees: 8 }, 'probability'],
  ] as const)(
    '%s: the class given against the next one, feature by feature as explain/shap',
    async (_, learner, own, space) => {
      const model = await train(learner, { ...own, target: 'employment' })
      const classes = model.classes!
      const { codes, table, text } = await reasonsOf(model, { people: 3, reasons: 12 })
      expect(codes).toMatchObject({ kind: 'given', space, refused: 0, attributes: [] })
      expect(codes.limit).toBeUndefined()
      const scores = await scoresOf(model)
      for (const { row, given, other, score, reasons, favourable } of codes.people) {
        const ranked = classes.map((name, at) => ({ name, score: scores(row)[at]! })).sort((a, b) => b.score - a.score)
        expect([given, other!.class, favourable]).toEqual([ranked[0]!.name, ranked[1]!.name, true])
        expect(score).toBeCloseTo(ranked[0]!.score, 12)
        expect(other!.score).toBeCloseTo(ranked[1]!.score, 12)
        const [one, against] = [await shapOf(model, row, given!), await shapOf(model, row, other!.class)]
        for (const { feature, contribution } of [...reasons, ...other!.reasons])
          expect(contribution).toBeCloseTo(one(feature) - against(feature), 9)
        expect(reasons.every(({ contribution }) => contribution > 0)).toBe(true)
        expect(other!.reasons.every(({ contribution }) => contribution < 0)).toBe(true)
        // on log-odds the contributions, base and all, are the logarithm of the odds of one against the other
        const sizes = reasons.map(({ contribution }) => contribution)
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
      }
      const gaps = codes.people.map(({ score, other }) => score - other!.score)
      expect(gaps).toEqual([...gaps].sort((a, b) => a - b))
      const shares = codes.classes!.flatMap(({ first, rows }) => (rows > 0 ? [first] : []))
      for (const first of shares)
        expect(first.reduce((sum, { value }) => sum + value!, 0)).toBeLessThanOrEqual(1 + 1e-9)
      expect(text).toContain('What spoke for ')
      const read = await scratch.context.tables.read(table)
      expect(cellText(columnOf(read, 'other'), 0)).toBe(codes.people[0]!.other!.class)
      expect(cellText(columnOf(read, 'decision'), 0)).toBe(codes.people[0]!.given)
    },
  )

  test('with a favourable class those given another are told what spoke against it, and groups are compared', async () => {
    const model = await train(linear as AnyNode, { folds: 0, target: 'employment' })
    const favourable = model.classes![0]!
    const { codes, card } = await reasonsOf(model, { favourable, who: 'refused', reasons: 3 })
    expect(codes).toMatchObject({ kind: 'class', favourable, unfavourable: `not ${favourable}` })
    expect(codes.refused).toBeGreaterThan(10)
    expect(codes.attributes.length).toBeGreaterThan(0)
    for (const { given, other, reasons, row, score } of codes.people.slice(0, 3)) {
      expect(given).not.toBe(favourable)
      expect(other!.class).toBe(favourable)
      expect(other!.score).toBe(score)
      const [wanted, had] = [await shapOf(model, row, favourable), await shapOf(model, row, given!)]
      for (const { feature, contribution } of reasons) {
        expect(contribution).toBeLessThan(0)
        expect(contribution).toBeCloseTo(wanted(feature) - had(feature), 9)
      }
    }
    expect(card).toMatch(/first reason/i)
  })
})

describe('numbers', () => {
  test.each(['above', 'below'])('reasons for a prediction that is not %s the base', async (favourable) => {
    const model = await train(boosting as AnyNode, { rounds: 15, folds: 0, target: 'income' })
    const { codes, text } = await reasonsOf(model, { favourable, people: 4 })
    const [up, sign] = [favourable === 'above', favourable === 'above' ? 1 : -1]
    expect(codes).toMatchObject({ kind: 'number', favourable, space: 'target' })
    for (const { row, score, favourable: good, reasons } of codes.people) {
      expect(good).toBe(false)
      expect(score < codes.limit!).toBe(up)
      const own = await shapOf(model, row, '')
      for (const { feature, contribution } of reasons) {
        expect(contribution).toBeLessThan(0)
        expect(contribution).toBeCloseTo(sign * own(feature), 6)
      }
    }
    expect(text).toContain(`predicted ${favourable}`)
  })

  test('counts: the base is the exponential of what contributions start from', async () => {
    const model = await train(boosting as AnyNode, { rounds: 10, folds: 0, target: 'income', objective: 'poisson' })
    const { outputs } = await runNode(scratch, shap as AnyNode, { model, table: loans }, { who: 'none' })
    const { codes } = await reasonsOf(model)
    expect(codes.space).toBe('log-target')
    expect(codes.limit! / Math.exp((outputs['explanation'] as Explanation).base)).toBeCloseTo(1, 9)
  })
})

describe('texts and pictures', () => {
  test.each(['weights', 'vectors'])('reasons of texts are words, in them or not: a model by %s', async (kind) => {
    const table = await splitPieces(scratch, 'texts', 400)
    const params = { longTexts: 'words', mostTerms: 200, mostWords: 1, termRows: 3 }
    const { outputs } = await runNode(scratch, prepare as AnyNode, { table }, params)
    const model =
      kind === 'vectors'
        ? await train(network as AnyNode, { epochs: 8 }, table)
        : await trainOn(scratch, linear as AnyNode, table, { folds: 0 }, { preparation: outputs['preparation']! })
    const { codes, text } = await reasonsOf(model, { people: 5 }, table)
    const read = await scratch.context.tables.read(table)
    const message = (row: number) => cellText(columnOf(read, 'message'), row)!.toLowerCase()
    for (const { row, reasons } of codes.people)
      for (const { feature, value, words } of reasons) {
        expect(value).toBe(
          new RegExp(`(^|[^\\p{L}])${feature}($|[^\\p{L}])`, 'u').test(message(row)) ? 'in it' : 'not in it',
        )
        expect(words).toMatch(/^“.+” is (not )?in it, as for [\d.]+\s?% of those given .+$/)
      }
    for (const { row, parts, reasons } of codes.people) {
      expect(
        parts!
          .map(({ text: piece }) => piece)
          .join('')
          .toLowerCase(),
      ).toBe(message(row))
      // terms that are not in it push too, and are no part of it
      const marked = Math.max(...parts!.map(({ contribution }) => contribution))
      expect(marked).toBeLessThanOrEqual(reasons[0]!.contribution + 1e-9)
      if (kind === 'weights') continue
      // a word that stands several times is one reason
      for (const { feature, contribution } of reasons) {
        const own = parts!.filter(({ text: piece }) => piece.toLowerCase() === feature)
        expect(own.reduce((sum, one) => sum + one.contribution, 0)).toBeCloseTo(contribution, 9)
      }
    }
    expect(text).toContain('"block":"words"')
    expect(text).toContain('First reason, by class given')
    expect(text).toContain('Single texts')
    expect(text).not.toMatch(/people|person /)
    const changed = await reasonsOf(model, { changes: true, people: 5 }, table)
    const found = changed.codes.people.filter(({ change }) => change)
    expect(found.length).toBeGreaterThan(2)
    for (const { row, change, other } of found) {
      expect(change!.to).toBe(other!.class)
      const gone = change!.cells.map(({ feature }) => feature)
      // without all of them the other class is given, without all but one of them not
      expect(await givenWithout(model, message(row), gone)).toBe(other!.class)
      for (const back of gone.length > 1 ? gone : [])
        expect(
          await givenWithout(
            model,
            message(row),
            gone.filter((one) => one !== back),
          ),
        ).not.toBe(other!.class)
    }
    expect(changed.text).toMatch(/It would be [a-z]+ without “/)
  })

  /** The class that a text is given without some of its words. */
  async function givenWithout(model: Model, text: string, gone: readonly string[]) {
    const left = text.replaceAll(/[\p{L}\p{N}]+/gu, (word) => (gone.includes(word) ? '' : word))
    const made = frameOf(columnFrom('message', 'text', [left]))
    const scores = (await scoresOf(model, made))(0)
    return model.classes![scores.indexOf(Math.max(...scores))]
  }

  test('reasons of pictures are regions, whose cells add up', async () => {
    const table = await splitPieces(scratch, 'images', 300)
    const model = await train(network as AnyNode, { design: 'own', layers: [], epochs: 4 }, table)
    const { codes, evaluation } = await reasonsOf(
      model,
      { people: 2, mostEstimatedRows: 5, reasons: 12, changes: true },
      table,
    )
    expect(evaluation.rows).toBe(5)
    const [{ row, given, other, reasons }] = codes.people as [PersonReasons]
    // 16 × 16 cells in explain/shap, 8 × 8 regions here
    const params = { who: 'named', person: String(row + 1), mostEstimatedRows: 1 }
    const cells = async (named: string) => {
      const { outputs } = await runNode(scratch, shap as AnyNode, { model, table }, { ...params, class: named })
      return (outputs['explanation'] as Explanation).people[0]!.picture!.values
    }
    const [one, against] = [await cells(given!), await cells(other!.class)]
    const { picture, change } = codes.people[0]!
    expect(change!.to).toBe(other!.class)
    expect(change!.cells[0]).toMatchObject({
      feature: expect.stringMatching(/^row \d, column \d$/),
      to: 'as on average',
    })
    expect([picture!.rows, picture!.columns]).toEqual([8, 8])
    for (const { feature, contribution, words } of reasons) {
      const [, top, left] = /row (\d+), column (\d+)/.exec(feature)!.map(Number)
      let sum = 0
      for (const y of [2 * top! - 2, 2 * top! - 1])
        for (const x of [2 * left! - 2, 2 * left! - 1]) sum += one[y * 16 + x]! - against[y * 16 + x]!
      // cells are told in five digits
      expect(sum).toBeCloseTo(contribution, 3)
      expect(picture!.values[(top! - 1) * 8 + left! - 1]).toBeCloseTo(contribution, 3)
      expect(words).toMatch(/^brightness [\d.]+ at row \d, column \d/)
    }
  })
})

describe('changes', () => {
  const plain = (cell: string) => Number(cell.replaceAll(/[\s\u202f\u00a0]/g, '').replace('\u2212', '-'))
  const differing = ({ change }: PersonReasons) => change!.cells.map(({ feature }) => feature)
  /** The row with its change made, as the model's file judges it. */
  async function judge(model: Model, row: number, change: NonNullable<PersonReasons['change']>) {
    const columns = frame.columns.map((column) => {
      const cell = change.cells.find(({ feature }) => feature === column.name)
      if (!cell) return column
      const { cells } = column
      if (cells.kind === 'text') {
        const codes = cells.codes.slice()
        codes[row] = cells.levels.indexOf(cell.to)
        return { ...column, cells: { ...cells, codes } }
      }
      const values = cells.values.slice()
      values[row] = column.type === 'boolean' ? Number(cell.to === 'true') : plain(cell.to)
      return { ...column, cells: { ...cells, values } }
    })
    return (await scoresOf(model, { ...frame, columns }))(row)
  }

  test('of two classes the change leads over the limit, and every smaller subset of it does not', async () => {
    const model = await train(linear as AnyNode, { folds: 0 })
    const given = { changes: true, people: 4, fixed: ['employment'], rising: ['savings'], falling: ['debt_ratio'] }
    const { codes, text, table } = await reasonsOf(model, given)
    for (const person of codes.people) {
      const { change, row } = person
      expect(change!.to).toBe('yes')
      const features = differing(person)
      expect(features.length).toBeGreaterThan(0)
      expect(features.filter((feature) => ['employment', 'age_group', 'sex'].includes(feature))).toEqual([])
      for (const { feature, from, to } of change!.cells) {
        const [a, b] = [from, to].map(plain)
        if (feature === 'debt_ratio') expect(b).toBeLessThan(a!)
        if (feature === 'savings') expect(b).toBeGreaterThan(a!)
      }
      const [, yes] = await judge(model, row, change!)
      expect(yes!).toBeGreaterThanOrEqual(0.5)
      for (const { feature } of change!.cells) {
        const less = { ...change!, cells: change!.cells.filter((cell) => cell.feature !== feature) }
        expect((await judge(model, row, less))[1]!).toBeLessThan(0.5)
      }
    }
    expect(text).toMatch(/It would be approved with [a-z ]+ .+ instead of /)
    const read = await scratch.context.tables.read(table)
    expect(cellText(columnOf(read, 'change'), 0)).toMatch(/ instead of /)
    expect(cellText(columnOf(read, 'change_to'), 0)).toBe('yes')
  })

  test('of several classes it leads to the next one, of numbers to the other side', async () => {
    const jobs = await train(boosting as AnyNode, { rounds: 10, folds: 0, target: 'employment' })
    const { codes } = await reasonsOf(jobs, { changes: true, people: 3 })
    for (const { change, other, row } of codes.people) {
      expect(change!.to).toBe(other!.class)
      const scores = await judge(jobs, row, change!)
      expect(Math.max(...scores)).toBe(scores[jobs.classes!.indexOf(change!.to)])
    }
    const incomes = await train(linear as AnyNode, { folds: 0, target: 'income' })
    const { codes: numbers } = await reasonsOf(incomes, { changes: true, people: 2 })
    for (const { change } of numbers.people) {
      expect(change!.to).toBe('above')
      expect(change!.score).toBeGreaterThan(numbers.limit!)
    }
  })

  test('where everything is fixed nothing is found, and it says so', async () => {
    const model = await train(linear as AnyNode, { folds: 0 })
    const fixed = model.features.map(({ name }) => name)
    const { codes, text } = await reasonsOf(model, { changes: true, people: 1, fixed })
    expect(codes.people[0]!.change).toBeNull()
    expect(text).toContain('No change was found')
  })
})

test('own statements are told in place of the comparison', async () => {
  const model = await train(linear as AnyNode, { folds: 0 })
  const statements = [{ feature: 'debt_ratio', statement: 'R12 Debt too high: {value}' }]
  const { codes } = await reasonsOf(model, { who: 'refused', statements })
  const told = codes.people.flatMap(({ reasons }) => reasons).filter(({ feature }) => feature === 'debt_ratio')
  expect(told.length).toBeGreaterThan(3)
  for (const { words, value } of told) expect(words).toBe(`R12 Debt too high: ${value}`)
})
