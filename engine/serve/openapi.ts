import type { Column } from '#contract'
import type { Answering } from './answering.ts'
import { casePath, caseSchema, waitingProperties } from './queue/case-openapi.ts'

const cellSchemas: Readonly<Record<Column['type'], Readonly<Record<string, string>>>> = {
  number: { type: 'number' },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
  date: { type: 'string', description: 'A date, as 2026-11-21 or 2026-11-21T09:30:00Z' },
  text: { type: 'string' },
  image: { type: 'string' },
}
const cellSchema = ({ type, nullable }: Column) =>
  nullable ? { ...cellSchemas[type], type: [cellSchemas[type].type, 'null'] } : cellSchemas[type]

const content = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } })
const answer = (description: string, name: string) => ({ description, content: content(name) })
const object = (
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = Object.keys(properties),
) => ({
  type: 'object',
  properties,
  required,
})

const reasonsSchema = (text: object, number: object) =>
  object(
    {
      method: text,
      space: { type: 'string', enum: ['log-odds', 'probability', 'margin', 'target', 'log-target'] },
      class: { ...text, description: 'The class whose score is explained' },
      base: number,
      contributions: { type: 'array', items: object({ feature: text, contribution: number }) },
      others: object({ count: { type: 'integer' }, contribution: number }),
    },
    ['method', 'space', 'base', 'contributions'],
  )

/** The OpenAPI 3.1 document of a served model. */
export function openApi(a: Pick<Answering, 'name' | 'version' | 'model' | 'people'>) {
  const { name, version, model, people } = a
  const number = { type: 'number' }
  const text = { type: 'string' }
  const decision = model.purpose === 'regression' ? number : { type: 'string', enum: model.classes ?? [] }
  const predict = {
    operationId: 'predict',
    summary: `Predict ${model.target ?? 'the target'}`,
    parameters: [
      {
        name: 'reasons',
        in: 'query',
        required: false,
        schema: { type: 'string', enum: ['0', '1'] },
        description: '1 adds the reasons of each answer',
      },
    ],
    requestBody: { required: true, content: content('Rows') },
    responses: {
      200: answer('A prediction a row', 'Predictions'),
      400: answer('The body is not understood', 'Refusal'),
      413: answer('The body is too large', 'Refusal'),
      422: answer('Rows that break the schema', 'Refusal'),
      503: answer('The model does not answer and there is no fallback rule', 'Refusal'),
    },
  }
  const outcomes = {
    operationId: 'outcomes',
    summary: 'Tell what became of rows that were answered',
    requestBody: { required: true, content: content('Outcomes') },
    responses: {
      200: answer('How many were kept', 'OutcomeReceipt'),
      400: answer('The body is not understood', 'Refusal'),
      404: answer('This server keeps no outcomes', 'Refusal'),
      422: answer('Outcomes that break the schema', 'Refusal'),
    },
  }
  const plain = (operationId: string, summary: string, type = 'application/json') => ({
    get: { operationId, summary, responses: { 200: { description: summary, content: { [type]: { schema: {} } } } } },
  })
  return {
    openapi: '3.1.0',
    info: {
      title: name,
      version: String(version),
      description: `Version ${version} of ${name}, served by Plumbline.`,
      ...(people && { 'x-automation': people.automate.settings.level }),
    },
    paths: {
      '/v1/predict': { post: predict },
      ...(people && { '/v1/cases/{id}': casePath }),
      '/v1/outcomes': { post: outcomes },
      '/v2': plain('server', 'Server metadata'),
      '/v2/health/live': plain('live', 'Whether the server runs'),
      '/v2/health/ready': plain('ready', 'Whether the model answers'),
      [`/v2/models/${name}`]: plain('metadata', 'Model metadata'),
      [`/v2/models/${name}/infer`]: {
        post: {
          operationId: 'infer',
          summary: 'Predict from JSON tensors (Open Inference Protocol 2)',
          requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
          responses: {
            200: { description: 'Tensors', content: { 'application/json': { schema: { type: 'object' } } } },
          },
        },
      },
      '/metrics': plain('metrics', 'Prometheus metrics', 'text/plain'),
    },
    components: {
      schemas: {
        Row: object(Object.fromEntries(model.features.map((column) => [column.name, cellSchema(column)]))),
        Rows: object({ rows: { type: 'array', minItems: 1, items: { $ref: '#/components/schemas/Row' } } }),
        Prediction: object(
          {
            decision,
            score: { type: ['number', 'null'], description: 'Null where the fallback rule answered' },
            scores: { type: 'object', additionalProperties: number },
            reasons: reasonsSchema(text, number),
            reasonsNotAvailable: text,
            ...(people && waitingProperties(decision)),
            version: { type: 'integer', description: 'While a rollout runs: the version that answered' },
            arm: { type: 'string', enum: ['champion', 'challenger'] },
          },
          ['decision', 'score'],
        ),
        Predictions: object({
          model: text,
          version: { type: 'integer' },
          request: text,
          fallback: { type: 'boolean' },
          predictions: { type: 'array', items: { $ref: '#/components/schemas/Prediction' } },
        }),
        Outcomes: object({
          outcomes: {
            type: 'array',
            minItems: 1,
            items: object(
              {
                request: text,
                row: { type: 'integer', minimum: 0 },
                outcome: { type: ['string', 'number', 'boolean'] },
              },
              ['request', 'outcome'],
            ),
          },
        }),
        OutcomeReceipt: object({
          stored: { type: 'integer' },
          known: { type: 'integer' },
          unknown: { type: 'integer' },
        }),
        ...(people && { Case: caseSchema(decision) }),
        Refusal: object(
          {
            error: text,
            problems: {
              type: 'array',
              items: object({ row: { type: 'integer' }, column: text, got: text, expected: text }),
            },
          },
          ['error'],
        ),
      },
    },
  }
}
