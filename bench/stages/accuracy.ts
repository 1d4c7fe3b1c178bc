import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Evaluation, Hash, PipelineDocument } from '#contract'
import { studentTQuantile } from '#ml/statistics/student-t'
import { catalogue } from '#nodes'
import { createEngine, type OpenEngine } from '#run/engine'
import { python } from '../pipeline/against-python.ts'

const root = path.resolve(import.meta.dirname, '../..')
const script = path.join(import.meta.dirname, 'accuracy.py')
const data = path.resolve(root, '../shared/data')
const repeats = 10
const learners = ['linear', 'boosting'] as const
type Learner = (typeof learners)[number]
type Figures = Readonly<Record<Learner, readonly number[]>>

/** Test rows per training row, which the corrected variance needs. */
const testShare = 0.2 / 0.6

function pipeline(name: string, repeat: number, regression: boolean): PipelineDocument {
  const node = (type: string, params = {}) => ({ type, version: 1, params })
  const yes = regression ? {} : { positive: 'yes' }
  const part = `part_${repeat}`
  const ignore = Array.from({ length: repeats }, (_, other) => `part_${other}`).filter((other) => other !== part)
  const wires = [
    'rows.table schema.table',
    'rows.table validate.table',
    'schema.schema validate.schema',
    'validate.table split.table',
    ...learners.flatMap((learner) => [
      `split.table ${learner}.table`,
      `${learner}.model judge-${learner}.model`,
      `split.table judge-${learner}.table`,
    ]),
  ]
  return {
    format: 1,
    name: 'Accuracy',
    description: '',
    seed: 1,
    nodes: {
      rows: node('data/read-file', { path: `${name}.csv`, missing: [''] }),
      schema: node('data/infer-schema', { target: 'goal', ignore, guess: false }),
      validate: node('data/validate-schema'),
      split: node('data/split', { method: 'existing', by: part }),
      linear: node('train/linear', { folds: 0, ...yes }),
      boosting: node('train/boosting', { folds: 0, ...yes }),
      'judge-linear': node('assess/evaluate', { replicates: 0 }),
      'judge-boosting': node('assess/evaluate', { replicates: 0 }),
    },
    edges: wires.map((wire) => ({ from: wire.split(' ')[0]!, to: wire.split(' ')[1]! })),
    inputs: {},
    layout: {},
    frames: [],
    notes: [],
  }
}

async function figure(engine: OpenEngine, hash: string): Promise<number> {
  const { metrics } = (await engine.value({ hash: hash as Hash })) as unknown as Evaluation
  return metrics.find(({ name }) => name === 'roc_auc' || name === 'r2')?.value ?? Number.NaN
}

async function ourFigures(engine: OpenEngine, name: string, regression: boolean): Promise<Figures> {
  const found: Record<Learner, number[]> = { linear: [], boosting: [] }
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { id } = await engine.run({ document: pipeline(name, repeat, regression) })
    await engine.idle(id)
    const { steps, status } = await engine.runDetail({ run: id })
    if (status !== 'done') throw new Error(`${name}, split ${repeat}: the run ended as ${status}`)
    for (const learner of learners) {
      const step = steps.find(({ node }) => node === `judge-${learner}`)!
      found[learner].push(await figure(engine, step.outputs.evaluation!.hash))
    }
  }
  return found
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Half the 95 % interval of a mean over repeated splits (Nadeau & Bengio, *Machine Learning* 52, 2003). */
function halfWidth(values: readonly number[]): number {
  const centre = mean(values)
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1)
  return studentTQuantile(0.975, values.length - 1) * Math.sqrt((1 / values.length + testShare) * variance)
}

function row(
  name: string,
  learner: Learner,
  metric: string,
  ours: readonly number[],
  theirs: readonly number[],
): string {
  const [own, peer] = [mean(ours), mean(theirs)]
  const [low, high] = [peer - halfWidth(theirs), peer + halfWidth(theirs)]
  const differences = ours.map((value, at) => value - theirs[at]!)
  const apart = `${(own - peer).toFixed(4)} ± ${halfWidth(differences).toFixed(4)}`
  const verdict = own > high ? 'above' : own >= low ? 'yes' : 'below'
  const cells = [name, learner, metric, own.toFixed(4), `${peer.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`]
  return `| ${[...cells, apart, verdict].join(' | ')} |`
}

/** `npm run bench -- accuracy`: our learners beside the reference ones, on the same rows. */
export async function benchAccuracy(): Promise<void> {
  if (!existsSync(data)) throw new Error('The public data are missing: they are expected in ../shared/data.')
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-accuracy-'))
  const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
  execFileSync(python(), [script, 'prepare', data, folder])
  const sets = JSON.parse(readFileSync(path.join(folder, 'sets.json'), 'utf8')) as Record<
    string,
    { regression: boolean }
  >
  const theirs = JSON.parse(execFileSync(python(), [script, 'learn', folder], { encoding: 'utf8' })) as Record<
    string,
    Figures
  >
  const engine = await createEngine({ project: folder, catalogue, catalogueUrl, threads: 2 })
  console.log('| data | learner | figure | ours | reference, 95 % interval | difference | within |')
  console.log('| --- | --- | --- | --- | --- | --- | --- |')
  try {
    for (const [name, { regression }] of Object.entries(sets)) {
      const ours = await ourFigures(engine, name, regression)
      for (const learner of learners)
        console.log(row(name, learner, regression ? 'R²' : 'ROC AUC', ours[learner], theirs[name]![learner]))
    }
  } finally {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
