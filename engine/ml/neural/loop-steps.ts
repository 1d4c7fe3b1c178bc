import type { OpenSession, Session, SessionTensor } from '#contract'
import { addLosses, batchesOf, type Course, dropoutFactors, numbersOf, type Steps, vector } from './course.ts'
import type { Checkpoint } from './trainer.ts'
import { loopGraph } from './training-graphs.ts'

/** Many steps a call on the CPU. */
export async function loopSteps(open: OpenSession, course: Course): Promise<Steps> {
  const session = await open(loopGraph(course.options.plan, course.batchRows))
  const drawn = dropoutFactors(course)
  return {
    advance: (now, count) => takeSteps(session, course, now, count, drawn(now.step, count)),
    close: () => session.release(),
  }
}

/** Some steps of one epoch in one call. */
async function takeSteps(
  session: Session,
  course: Course,
  now: Checkpoint,
  count: number,
  drawn: Readonly<Record<string, SessionTensor>>,
): Promise<Checkpoint> {
  const { data, options, batchRows } = course
  const { rows, weights } = batchesOf(course, now.step, count)
  const state = Object.entries(now.state).map(([name, values]) => [name, vector(values)] as const)
  const results = await session.run({
    ...Object.fromEntries(state),
    x: vector(data.features, [data.rows, ...options.plan.network.inputs]),
    targets: vector(data.targets, [data.rows, course.width]),
    rows: { type: 'int32', shape: [count, batchRows], values: rows },
    weights: vector(weights, [count, batchRows]),
    numbers: vector(numbersOf(course, now.step, count), [count, 3]),
    ...drawn,
    ...(options.mask && { mask: vector(options.mask) }),
  })
  const next = state.map(([name]) => [name, results[`${name} next`]!.values as Float32Array] as const)
  const running = addLosses(now.running, results.loss!.values as Float32Array, weights, batchRows)
  return { ...now, step: now.step + count, state: Object.fromEntries(next), running }
}
