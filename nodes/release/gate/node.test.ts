import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Evaluation, type Hash, type Metric, ProblemError } from '#contract'
import { limitText } from '#report/judge-limit'
import node from './node.ts'
import { judgeGates, verdictSentence } from './run.ts'

const metric = (name: string, value: number | null, low?: number, high?: number): Metric => ({
  name,
  label: name.replaceAll('.', ' '),
  better: 'high',
  value,
  ...(low === undefined ? {} : { low }),
  ...(high === undefined ? {} : { high }),
})
const evaluation = (...metrics: Metric[]): Evaluation => ({
  kind: 'evaluation',
  subject: 'performance',
  table: 'a'.repeat(64) as Hash,
  model: 'b'.repeat(64) as Hash,
  split: 'test',
  rows: 100,
  metrics,
})
const atLeast = (name: string, limit: number) => ({ metric: name, operator: '>=' as const, limit, label: '' })

test('the point estimate decides, and an interval across the limit is said in words', () => {
  const release = judgeGates(
    [evaluation(metric('accuracy', 0.81, 0.79, 0.83)), evaluation(metric('fairness.ratio', 0.79, 0.7, 0.9))],
    [atLeast('accuracy', 0.75), atLeast('fairness.ratio', 0.8)],
  )
  expect(release.verdict).toBe('fail')
  expect(release.sentence).toBe('Not ready: one of two gates fails.')
  expect(release.checks.map(({ verdict }) => verdict)).toEqual(['pass', 'fail'])
  expect(release.checks[0]!.reason).not.toContain('interval')
  expect(release.checks[1]!.reason).toContain('interval, 0.70–0.90, has the limit inside it')
  expect(release.model).toBe('b'.repeat(64))
})

test('a figure without a value never holds', () => {
  expect(
    judgeGates([evaluation(metric('accuracy', null))], [{ ...atLeast('accuracy', 0), operator: '<=' }]).verdict,
  ).toBe('fail')
})

test('an unknown figure is a problem that names the near ones, for every check at once', () => {
  const attempt = () =>
    judgeGates(
      [evaluation(metric('fairness.ratio.sex', 1), metric('roc_auc', 0.9))],
      [atLeast('fairness.ratio.age', 0.8), atLeast('auc', 0.5)],
    )
  expect(attempt).toThrow(ProblemError)
  try {
    attempt()
  } catch (error) {
    const { problems } = error as ProblemError
    expect(problems).toHaveLength(2)
    expect(problems[0]).toMatchObject({ code: 'not-found', path: ['params', 'checks', 0, 'metric'] })
    expect(problems[0]!.fix).toContain('fairness.ratio.sex')
  }
})

test('a release passes exactly when every check holds', () => {
  const checks = fc.array(
    fc.record({
      value: fc.double({ min: 0, max: 1, noNaN: true }),
      limit: fc.double({ min: 0, max: 1, noNaN: true }),
      atMost: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  fc.assert(
    fc.property(checks, (list) => {
      const release = judgeGates(
        [evaluation(...list.map(({ value }, index) => metric(`m${index}`, value)))],
        list.map(({ limit, atMost }, index) => ({
          metric: `m${index}`,
          operator: atMost ? ('<=' as const) : ('>=' as const),
          limit,
          label: '',
        })),
      )
      expect(release.verdict === 'pass').toBe(
        list.every(({ value, limit, atMost }) => (atMost ? value <= limit : value >= limit)),
      )
    }),
  )
})

test('sentences', () => {
  const of = (...verdicts: ('pass' | 'fail')[]) => verdictSentence(verdicts.map((verdict) => ({ verdict })))
  expect(of('pass')).toBe('Ready: the gate holds.')
  expect(of('pass', 'pass', 'pass')).toBe('Ready: all three gates hold.')
  expect(of('fail', 'fail')).toBe('Not ready: both gates fail.')
  expect(of('fail', 'pass', 'fail')).toBe('Not ready: two of three gates fail.')
})

test('the same check twice is a problem before the run; card and report say the verdict', async () => {
  const params = node.params.parse({ checks: [atLeast('accuracy', 0.7), atLeast('accuracy', 0.8)] })
  expect(
    await node.infer({ inputs: { evaluation: [], model: undefined }, params, context: {} as never }),
  ).toMatchObject([{ code: 'parameter-bad' }])
  const outputs = { release: judgeGates([evaluation(metric('accuracy', 0.6))], [atLeast('accuracy', 0.7)]) }
  expect(node.card!({ inputs: { evaluation: [], model: undefined }, outputs, params })).toMatchObject({
    tone: 'bad',
    text: expect.stringContaining('1 of 1'),
  })
  const [verdict] = await node.report!({ inputs: { evaluation: [], model: undefined }, outputs, params } as never)
  expect(verdict).toMatchObject({ block: 'verdict', verdict: 'fail', title: 'Not ready: the gate fails.' })
})

test('of figures with the same name the worst counts, in the direction of the check', () => {
  const twice = [evaluation(metric('gap', 0.1)), evaluation(metric('gap', 0.3))]
  const one = (operator: '>=' | '<=', limit: number) =>
    judgeGates(twice, [{ metric: 'gap', operator, limit, label: '' }])
  expect(one('<=', 0.2).checks[0]).toMatchObject({ verdict: 'fail', estimate: { value: 0.3 } })
  expect(one('>=', 0.2).checks[0]).toMatchObject({ verdict: 'fail', estimate: { value: 0.1 } })
  expect(judgeGates([...twice, evaluation(metric('gap', null))], [atLeast('gap', 0)]).verdict).toBe('fail')
})

test('a gate releases one model', async () => {
  const other = { ...evaluation(metric('accuracy', 0.9)), model: 'c'.repeat(64) as Hash }
  const { model: _, ...ofData } = evaluation(metric('fairness.ratio', 0.9))
  const checks = [atLeast('accuracy', 0.7)]
  expect(() => judgeGates([evaluation(), other], checks)).toThrow('2 different models')
  expect(judgeGates([ofData, other], checks).model).toBe('c'.repeat(64))
  const progress: number[] = []
  const run = (model: Hash) =>
    node.run({
      inputs: { evaluation: [other], model: {} as never },
      hashes: { evaluation: ['d'.repeat(64) as Hash], model },
      params: node.params.parse({ checks }),
      context: { progress: (fraction: number) => progress.push(fraction) } as never,
    })
  await expect(run('b'.repeat(64) as Hash)).rejects.toMatchObject({ code: 'not-supported' })
  expect((await run('c'.repeat(64) as Hash)).release.verdict).toBe('pass')
  expect(progress).toEqual([1])
})

test('a figure never reads like the limit it misses', () => {
  const { checks } = judgeGates([evaluation(metric('ratio', 0.7996))], [atLeast('ratio', 0.8)])
  expect(checks[0]!.reason).toBe('ratio is 0.7996 but should be at least 0.80.')
  expect([limitText(0.8), limitText(0.805), limitText(30)]).toEqual(['0.80', '0.805', '30'])
})
