import type { OpenSession } from '#contract'
import { batchesOf, type Course, numbersOf, type Steps, vector } from './course.ts'
import { stagesOf, updateGraph } from './stage-graphs.ts'
import type { StageAnswer, StageJob } from './stage-worker.ts'
import type { Checkpoint } from './trainer.ts'

/** How a training is spread over workers. */
export interface Spread {
  /**
   * - synchronous: each batch in equal parts, one a worker; gradients are averaged by weight.
   * - asynchronous: each worker has a batch of its own, and its gradient is applied to parameters that have moved on since
   *   by as many steps as there are other workers, in turn (Langford, Smola & Zinkevich 2009, "Slow learners are fast").
   * - pipeline: layers in stages, each batch in micro-batches that follow each other through them; activations are computed
   *   again on the way back, and all gradients of a batch count at once (Huang et al. 2019, "GPipe", arXiv 1811.06965).
   */
  readonly mode: 'synchronous' | 'asynchronous' | 'pipeline'
  /** Parts or micro-batches of a batch, or batches that are out at a time; the result depends on them, not on the number of threads. */
  readonly parts: number
  /** Layers before which the network is cut; none without a pipeline. */
  readonly cuts: readonly number[]
}

/** Steps of a call: batches that are out when it ends are waited for, so an asynchronous training depends on it. */
export const spreadStepsPerCall = 32

/** Rows of a part. */
export const partRows = ({ mode, parts }: Spread, batchRows: number): number =>
  mode === 'asynchronous' ? batchRows : Math.ceil(batchRows / parts)

interface Slope {
  readonly gradient: Float32Array
  readonly observed: Float32Array
  readonly loss: number
  readonly weight: number
}

/** The share of a batch's statistics in the running ones, as in one piece. */
const statisticsShare = 0.1

/** Steps whose gradients are computed by workers; `work` takes a job on any of them. */
export const parallelSteps =
  (spread: Spread, work: (job: StageJob) => Promise<StageAnswer>) =>
  async (open: OpenSession, course: Course): Promise<Steps> => {
    const { plan } = course.options
    const stages = stagesOf(plan.network, spread.cuts)
    const update = await open(updateGraph(plan))
    const size = partRows(spread, course.batchRows)

    /** One part there and back. */
    async function partSlope(part: Part, parameters: Float32Array): Promise<Slope> {
      const of = (stage: number) => {
        const { from, length } = stages[stage]!
        const seed = course.random.split('dropout').split(part.step).split(part.number).split(stage).uint32() >>> 1
        return { stage, ...part.rows, parameters: parameters.slice(from, from + length), seed }
      }
      const inputs: (Float32Array | undefined)[] = [undefined]
      for (let stage = 0; stage + 1 < stages.length; stage++) {
        const x = inputs[stage]
        inputs.push((await work({ way: 'forward', ...of(stage), ...(x && { x }) })).y)
      }
      const gradient = new Float32Array(parameters.length)
      const observed: Float32Array[] = []
      let [slope, loss]: [Float32Array | undefined, number] = [undefined, Number.NaN]
      for (let stage = stages.length - 1; stage >= 0; stage--) {
        const x = inputs[stage]
        const found = await work({ way: 'backward', ...of(stage), ...(x && { x }), ...(slope && { slope }) })
        gradient.set(found.gradient!, stages[stage]!.from)
        if (found.observed) observed.unshift(found.observed)
        loss = found.loss ?? loss
        slope = found.back
      }
      const { weights } = part.rows
      return { gradient, observed: joined(observed), loss, weight: weights.reduce((sum, weight) => sum + weight, 0) }
    }

    /** All parts of a batch, side by side. */
    async function batchSlope(step: number, parameters: Float32Array): Promise<Slope> {
      const batch = batchesOf(course, step, 1)
      const parts = partsOf(batch, size, step).filter(({ rows }) => rows.weights.some((weight) => weight > 0))
      return mixed(await Promise.all(parts.map((part) => partSlope(part, parameters))))
    }

    async function move(now: Checkpoint, { gradient, observed, loss, weight }: Slope): Promise<Checkpoint> {
      const { statistics, ...vectors } = now.state
      const found = await update.run({
        ...Object.fromEntries(Object.entries(vectors).map(([name, values]) => [name, vector(values)])),
        gradient: vector(gradient),
        numbers: vector(numbersOf(course, now.step, 1), [3]),
      })
      const next = Object.keys(vectors).map((name) => [name, found[`${name} next`]!.values as Float32Array] as const)
      const running = statistics?.map((value, at) => (1 - statisticsShare) * value + statisticsShare * observed[at]!)
      return {
        ...now,
        step: now.step + 1,
        state: { ...Object.fromEntries(next), ...(running && { statistics: running }) },
        running: [now.running[0] + weight * loss, now.running[1] + weight],
      }
    }

    return {
      async advance(begin, count) {
        const ahead = spread.mode === 'asynchronous' ? Math.min(spread.parts, count) : 1
        const out: Promise<Slope>[] = []
        let now = begin
        const ask = () => {
          const asked = batchSlope(begin.step + out.length, now.state['parameters']!)
          asked.catch(() => {})
          out.push(asked)
        }
        while (out.length < ahead) ask()
        for (let step = 0; step < count; step++) {
          now = await move(now, await out[step]!)
          if (out.length < count) ask()
        }
        return now
      },
      close: () => update.release(),
    }
  }

interface Part {
  readonly step: number
  readonly number: number
  readonly rows: { readonly rows: Int32Array; readonly weights: Float32Array }
}

/** Equal parts of a batch; the last is filled with rows of weight 0. */
function partsOf({ rows, weights }: ReturnType<typeof batchesOf>, size: number, step: number): readonly Part[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, number) => {
    const part = { rows: new Int32Array(size).fill(rows[0]!), weights: new Float32Array(size) }
    part.rows.set(rows.subarray(number * size, (number + 1) * size))
    part.weights.set(weights.subarray(number * size, (number + 1) * size))
    return { step, number, rows: part }
  })
}

/** Means by weight. */
function mixed(slopes: readonly Slope[]): Slope {
  const weight = slopes.reduce((sum, one) => sum + one.weight, 0)
  const mean = (of: (slope: Slope) => Float32Array) => {
    const sums = new Float32Array(of(slopes[0]!).length)
    for (const slope of slopes) {
      const share = slope.weight / weight
      const values = of(slope)
      for (let at = 0; at < sums.length; at++) sums[at]! += share * values[at]!
    }
    return sums
  }
  const loss = slopes.reduce((sum, one) => sum + (one.weight / weight) * one.loss, 0)
  return { gradient: mean(({ gradient }) => gradient), observed: mean(({ observed }) => observed), loss, weight }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
