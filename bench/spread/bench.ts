import { openScratch, type Scratch } from '#compute/scratch'
import type { Layer, Network } from '#ml/neural/network'
import { parallelSteps, type Spread } from '#ml/neural/parallel-steps'
import { createTrainer, type TrainerOptions } from '#ml/neural/trainer'
import type { TrainingData } from '#ml/neural/training-data'
import { createRandom } from '#ml/random/random'
import { openSpread } from '../../nodes/train/neural-network/spread-training.ts'
import { stageCuts } from '../../nodes/train/neural-network/stage-cuts.ts'

interface Case {
  readonly title: string
  readonly network: Network
  readonly rows: number
  readonly batchRows: number
}

const dense = (units: number): Layer => ({ kind: 'dense', units })
const relu: Layer = { kind: 'activation', function: 'relu' }
const convolution = (filters: number): Layer => ({ kind: 'convolution', filters, size: 3, padding: 1 })
const pool: Layer = { kind: 'maxPool', size: 2 }

const pictures: Network = {
  inputs: [1, 28, 28],
  layers: [convolution(16), relu, pool, convolution(32), relu, pool, { kind: 'flatten' }, dense(64), relu, dense(10)],
}
const wide: Network = { inputs: [64], layers: [dense(512), relu, dense(512), relu, dense(256), relu, dense(10)] }

const cases: readonly Case[] = [
  {
    title: 'table, 64 and 32 units, batch 32',
    network: { inputs: [20], layers: [dense(64), relu, dense(32), relu, dense(10)] },
    rows: 512,
    batchRows: 32,
  },
  { title: 'table, 512, 512 and 256 units, batch 64', network: wide, rows: 1_024, batchRows: 64 },
  { title: 'table, 512, 512 and 256 units, batch 1024', network: wide, rows: 8_192, batchRows: 1_024 },
  { title: 'pictures of 28 × 28, two convolutions, batch 32', network: pictures, rows: 512, batchRows: 32 },
  { title: 'pictures of 28 × 28, two convolutions, batch 256', network: pictures, rows: 2_048, batchRows: 256 },
]

const modes: readonly (Spread['mode'] | 'none')[] = ['none', 'synchronous', 'asynchronous', 'pipeline']
const threads = 2
/** Epochs that are timed, after one that is not, and how often each training is begun; the shortest time counts. */
const timedEpochs = 2
const rounds = 3

/** How much time a training that is spread over two threads saves against the same training in one piece; a word narrows the networks. */
export async function benchSpread(only = ''): Promise<void> {
  console.log(`| network | one piece, ms an epoch | ${modes.slice(1).join(' | ')} |`)
  console.log('| --- | --- | --- | --- | --- |')
  for (const one of cases.filter(({ title }) => title.includes(only))) {
    const data = madeUp(one)
    const best = modes.map(() => ({ wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY }))
    for (let round = 0; round < rounds; round++)
      for (const [at, mode] of modes.entries()) {
        const { wall, cpu } = await epochTime(one, data, mode)
        best[at] = { wall: Math.min(best[at]!.wall, wall), cpu: Math.min(best[at]!.cpu, cpu) }
      }
    const [plain, ...spread] = best
    const share = ({ wall, cpu }: (typeof best)[number]) =>
      `${(wall / plain!.wall).toFixed(2)} (CPU ${(cpu / plain!.cpu).toFixed(2)})`
    console.log(`| ${one.title} | ${plain!.wall.toFixed(0)} | ${spread.map(share).join(' | ')} |`)
  }
}

function madeUp({ network, rows }: Case): TrainingData {
  const random = createRandom(5)
  const width = network.inputs.reduce((product, length) => product * length, 1)
  const targets = Float32Array.from({ length: rows }, (_, row) => row % 10)
  const features = Float32Array.from(
    { length: rows * width },
    (_, at) => random.normal() + ((at % width) % 10 === targets[Math.floor(at / width)] ? 1 : 0),
  )
  return { rows, features, targets }
}

async function epochTime({ network, batchRows }: Case, data: TrainingData, mode: Spread['mode'] | 'none') {
  const options: TrainerOptions = {
    plan: { network, loss: { kind: 'cross-entropy' }, optimizer: { kind: 'adam' } },
    seed: 1,
    epochs: 1 + timedEpochs,
    learningRate: 1e-3,
    batchRows,
  }
  const scratch = await openScratch({ threads })
  try {
    return await timed(scratch, options, data, mode)
  } finally {
    await scratch.close()
  }
}

async function timed({ context }: Scratch, options: TrainerOptions, data: TrainingData, mode: Spread['mode'] | 'none') {
  const parts = mode === 'pipeline' ? 4 : threads
  const cuts = mode === 'pipeline' ? stageCuts(options.plan.network, threads) : []
  const spread = mode === 'none' ? undefined : { mode, parts, cuts }
  const side = spread && openSpread(spread, options, data, context)
  const open = await context.kernels.sessions(1)
  const steps = spread && side && parallelSteps(spread, side.work)
  const trainer = await createTrainer(open, side?.options ?? options, data, undefined, steps)
  const marks: { wall: number; cpu: number }[] = []
  try {
    await trainer.train({
      onProgress: ({ ended }) => {
        const { user, system } = process.cpuUsage()
        if (ended) marks.push({ wall: performance.now(), cpu: (user + system) / 1_000 })
      },
    })
  } finally {
    await trainer.close()
    await side?.close()
  }
  const [first, last] = [marks[0]!, marks.at(-1)!]
  return { wall: (last.wall - first.wall) / timedEpochs, cpu: (last.cpu - first.cpu) / timedEpochs }
}
