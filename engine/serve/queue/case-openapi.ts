const text = { type: 'string' }
const moment = { type: 'string', format: 'date-time' }
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] })

/** What a prediction has besides where rows may wait for people. */
export const waitingProperties = (decision: object) => ({
  decision: orNull(decision),
  state: { type: 'string', enum: ['automatic', 'queued', 'pending'], description: 'Whether a person decides' },
  case: { ...text, description: 'Ask /v1/cases/{id} for the decision' },
  why: { type: 'array', items: text },
  suggestion: decision,
  takesForceAt: { ...moment, description: 'When the suggestion becomes the decision unless it is vetoed' },
})

export const caseSchema = (decision: object) => ({
  type: 'object',
  properties: {
    case: text,
    model: text,
    version: { type: 'integer' },
    state: { type: 'string', enum: ['queued', 'taken', 'pending', 'decided', 'in-force'] },
    decision: orNull(decision),
    decidedBy: { type: 'string', enum: ['person', 'model'] },
    decidedAt: moment,
    suggestion: decision,
    score: { type: ['number', 'null'] },
    queuedAt: moment,
    dueAt: moment,
    takesForceAt: moment,
  },
  required: ['case', 'model', 'version', 'state', 'decision', 'queuedAt'],
})

export const casePath = {
  get: {
    operationId: 'case',
    summary: 'How a row stands that waits for a person',
    parameters: [{ name: 'id', in: 'path', required: true, schema: text }],
    responses: {
      200: {
        description: 'The case',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Case' } } },
      },
      404: {
        description: 'No such case of this model',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
      },
    },
  },
}
