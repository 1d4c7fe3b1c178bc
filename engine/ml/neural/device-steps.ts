import type { Accelerator, DeviceSession, DeviceTensor, OpenSession, SessionTensor } from '#contract'
import { createGraph } from '#ml/onnx/graph-builder'
import { addLosses, batchesOf, type Course, numbersOf, type Steps, seedsOf, vector } from './course.ts'
import { loopSteps } from './loop-steps.ts'
import { sizeOf } from './shape.ts'
import { createTape } from './tape.ts'
import type { Checkpoint } from './trainer.ts'
import { stepGraph } from './training-graphs.ts'
import { checkedLayout, stateFacts } from './training-step.ts'

/** Losses of the first steps on the device and on the CPU differ by this much of 1 + their size at most. */
const agreement = 1e-4
const comparedSteps = 3

/** Why a training does not go to the device. */
export class DeviceRefused extends Error {
  override readonly name = 'DeviceRefused'
}

/**
 * One batch a call on a device; the state stays there during the steps of a call and is read at its end. The first steps
 * are compared with the CPU's: throws DeviceRefused when they differ, or when the device lacks an operator.
 */
export const deviceSteps =
  (accelerator: Accelerator) =>
  async (open: OpenSession, course: Course): Promise<Steps> => {
    const steps = await openSteps(accelerator, course).catch((error: unknown) => {
      throw new DeviceRefused(`the device can not train this network: ${messageOf(error)}`)
    })
    let compared = false
    return {
      async advance(now, count) {
        if (!compared) await compare(steps, open, course, now)
        compared = true
        return steps.advance(now, count)
      },
      close: () => steps.close(),
    }
  }

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 200)

async function compare(steps: Steps, open: OpenSession, course: Course, now: Checkpoint): Promise<void> {
  const cpu = await loopSteps(open, course)
  try {
    let [own, other] = [now, now]
    const left = course.stepsPerEpoch - (now.step % course.stepsPerEpoch)
    for (let step = 0; step < Math.min(comparedSteps, left); step++) {
      other = await steps.advance(other, 1).catch((error: unknown) => {
        throw new DeviceRefused(`the device can not train this network: ${messageOf(error)}`)
      })
      own = await cpu.advance(own, 1)
      const [expected, found] = [own.running[0] / own.running[1], other.running[0] / other.running[1]]
      if (!(Math.abs(found - expected) <= agreement * (1 + Math.abs(expected))))
        throw new DeviceRefused(`the device’s loss in step ${step + 1} is ${found}, the CPU’s ${expected}`)
    }
  } finally {
    await cpu.close()
  }
}

async function openSteps(accelerator: Accelerator, course: Course): Promise<Steps> {
  const { options, batchRows } = course
  const facts = stateFacts(options.plan, checkedLayout(options.plan).layout)
  const names = facts.map(({ name }) => name)
  const kept = names.map((name) => `${name} next`)
  const session = await accelerator.open(stepGraph(options.plan, batchRows, 'float', true), kept)
  const reader = await accelerator.open(identity(facts), [])
  return {
    async advance(now, count) {
      const { rows, weights } = batchesOf(course, now.step, count)
      const numbers = numbersOf(course, now.step, count)
      const fixed = { ...seedsOf(course, now.step, count), ...(options.mask && { mask: vector(options.mask) }) }
      const losses = new Float32Array(count)
      let state: Record<string, SessionTensor | DeviceTensor> = Object.fromEntries(
        names.map((name) => [name, vector(now.state[name]!)]),
      )
      for (let step = 0; step < count; step++) {
        const at = step * batchRows
        const batch = batchTensors(course, rows.subarray(at, at + batchRows), weights.subarray(at, at + batchRows))
        const inputs = { ...batch, ...stepInputs(fixed, step), numbers: vector(numbers.slice(3 * step, 3 * step + 3)) }
        const next = await session.run({ ...inputs, ...state })
        losses[step] = Number(next.read['loss']!.values[0])
        release(state)
        state = Object.fromEntries(names.map((name) => [name, next.kept[`${name} next`]!]))
      }
      const { read } = await reader.run(state)
      release(state)
      const values = names.map((name) => [name, read[`${name} read`]!.values as Float32Array] as const)
      const running = addLosses(now.running, losses, weights, batchRows)
      return { ...now, step: now.step + count, state: Object.fromEntries(values), running }
    },
    async close() {
      await closeBoth(session, reader)
    },
  }
}

async function closeBoth(session: DeviceSession, reader: DeviceSession): Promise<void> {
  await session.release()
  await reader.release()
}

function release(state: Readonly<Record<string, SessionTensor | DeviceTensor>>): void {
  for (const tensor of Object.values(state)) if ('dispose' in tensor) tensor.dispose()
}

/** Gives tensors from the device back to the CPU. */
function identity(facts: ReturnType<typeof stateFacts>): Uint8Array {
  const tape = createTape(createGraph('read'))
  for (const { name, length } of facts) tape.output(`${name} read`, tape.input(name, [length]))
  return tape.graph.encode()
}

/** The seed of a step out of those of a call; the mask as it is. */
function stepInputs(fixed: Readonly<Record<string, SessionTensor>>, step: number): Record<string, SessionTensor> {
  const { seeds, ...rest } = fixed
  if (seeds?.type !== 'int64') return rest
  return { ...rest, seed: { type: 'int64', shape: [], values: seeds.values.slice(step, step + 1) } }
}

function batchTensors({ data, width, options }: Course, rows: Int32Array, weights: Float32Array) {
  const shape = options.plan.network.inputs
  const size = sizeOf(shape)
  const [x, targets] = [new Float32Array(rows.length * size), new Float32Array(rows.length * width)]
  rows.forEach((row, at) => {
    x.set(data.features.subarray(row * size, (row + 1) * size), at * size)
    targets.set(data.targets.subarray(row * width, (row + 1) * width), at * width)
  })
  return {
    x: vector(x, [rows.length, ...shape]),
    targets: vector(targets, [rows.length, width]),
    weights: vector(weights.slice()),
  }
}
