import type { QueueCounts, QueuedCase } from '#contract'

/** A case as whoever asked may know it: the decision once there is one, never who decided or what they noted. */
export function caseAnswer(one: QueuedCase) {
  const { id, model, version, queuedAt, dueAt, takesForceAt, decision, decidedAt, sight, answer } = one
  const over = one.state === 'decided' || one.state === 'in-force'
  const suggested = sight === 'before' && answer
  return {
    case: id,
    model,
    version,
    state: one.state === 'first' ? 'taken' : one.state,
    decision: over ? (decision ?? null) : null,
    ...(over && { decidedBy: one.state === 'in-force' ? 'model' : 'person' }),
    ...(over && decidedAt && { decidedAt }),
    ...(suggested && { suggestion: answer.decision, score: answer.score }),
    queuedAt,
    ...(dueAt && { dueAt }),
    ...(takesForceAt && { takesForceAt }),
  }
}

/** What waits for people, as Prometheus reads it. */
export function queueMetrics(model: string, counts: QueueCounts): string {
  const { queued, taken, pending, overdue, decided, inForce, oldestAt } = counts
  const label = `model="${model}"`
  const oldest = oldestAt === undefined ? 0 : (Date.now() - Date.parse(oldestAt)) / 1_000
  return `${[
    '# HELP plumbline_queue_cases Cases that wait for a person.',
    '# TYPE plumbline_queue_cases gauge',
    ...Object.entries({ queued, taken, pending, overdue }).map(
      ([state, count]) => `plumbline_queue_cases{${label},state="${state}"} ${count}`,
    ),
    '# HELP plumbline_queue_oldest_seconds How long the oldest of them waits.',
    '# TYPE plumbline_queue_oldest_seconds gauge',
    `plumbline_queue_oldest_seconds{${label}} ${Math.max(0, oldest)}`,
    '# HELP plumbline_queue_decided_total Cases that are decided.',
    '# TYPE plumbline_queue_decided_total counter',
    `plumbline_queue_decided_total{${label},by="person"} ${decided}`,
    `plumbline_queue_decided_total{${label},by="model"} ${inForce}`,
  ].join('\n')}\n`
}
