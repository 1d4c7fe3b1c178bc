import type { JsonValue, NodeCard, Port, PortType } from '#contract'

type Ends = Readonly<Record<string, PortType | { type: PortType; optional?: true; many?: true }>>

function ports(ends: Ends): Readonly<Record<string, Port>> {
  const all = Object.entries(ends).map(([name, end]) => [
    name,
    { doc: `The ${name}.`, ...(typeof end === 'string' ? { type: end } : end) },
  ])
  return Object.fromEntries(all)
}

function card(
  type: string,
  title: string,
  doc: string,
  inputs: Ends,
  outputs: Ends,
  properties: Readonly<Record<string, Readonly<Record<string, JsonValue>>>> = {},
): NodeCard {
  const defaults = Object.entries(properties).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value]],
  )
  return {
    type,
    version: 1,
    title,
    doc,
    keywords: [],
    traits: [],
    inputs: ports(inputs),
    outputs: ports(outputs),
    effect: false,
    params: { type: 'object', properties },
    defaults: Object.fromEntries(defaults),
  }
}

const target = {
  type: 'string',
  default: '',
  title: 'Target',
  description: 'Empty takes the column of role target.',
  widget: 'column',
}

/** A small catalogue in the form in which the engine gives the real one. */
export const sampleCards: readonly NodeCard[] = [
  card(
    'data/read-file',
    'Read file',
    'Reads a table from a file. Lines it can not read are kept apart.',
    {},
    { table: 'table', rejected: 'table' },
    {
      path: { type: 'string', title: 'File', widget: 'file', placeholder: 'loans.csv' },
      delimiter: { type: 'string', enum: ['auto', 'comma', 'tab', 'semicolon'], default: 'auto', title: 'Delimiter' },
      header: {
        type: 'boolean',
        default: true,
        title: 'First line has names',
        description: 'Otherwise columns are numbered.',
      },
      skip: {
        type: 'integer',
        minimum: 0,
        maximum: 1000,
        default: 0,
        title: 'Skip lines',
        unit: 'lines',
        advanced: true,
      },
    },
  ),
  card(
    'data/profile',
    'Profile',
    'Looks at every column: types, missing values, spread.',
    { table: 'table' },
    { profile: 'report' },
  ),
  card(
    'data/infer-schema',
    'Infer schema',
    'Proposes a schema from the rows.',
    { table: 'table' },
    { schema: 'schema' },
    {
      target,
      protected: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        title: 'Protected attributes',
        description: 'Never used as inputs.',
        widget: 'columns',
      },
    },
  ),
  card(
    'data/validate-schema',
    'Validate schema',
    'Sets rows aside that break the schema.',
    { table: 'table', schema: 'schema' },
    { table: 'table', quarantined: 'table' },
  ),
  card(
    'data/split',
    'Split',
    'Divides the rows into training, validation and test.',
    { table: 'table' },
    { table: 'table' },
    {
      test: { type: 'number', minimum: 0, maximum: 0.9, default: 0.2, title: 'Test share', widget: 'slider' },
      method: {
        type: 'string',
        enum: ['random', 'stratified', 'time-ordered'],
        default: 'stratified',
        title: 'Method',
      },
      time: {
        type: 'string',
        default: '',
        title: 'Time column',
        widget: 'column',
        types: ['date', 'number'],
        when: { method: ['time-ordered'] },
      },
    },
  ),
  card(
    'prepare/prepare',
    'Impute and encode',
    'Fills gaps, encodes texts, scales numbers.',
    { table: 'table', preparation: { type: 'model', optional: true } },
    { table: 'table', preparation: 'model' },
  ),
  card(
    'train/linear',
    'Linear model',
    'Fits a logistic or ridge regression.',
    { table: 'table', preparation: { type: 'model', optional: true } },
    { model: 'model' },
    {
      target,
      penalty: { type: 'number', minimum: 0, maximum: 1000, default: 1, title: 'Penalty' },
      cost: { type: ['number', 'null'], default: null, title: 'Cost of a wrong yes' },
      rules: {
        type: 'array',
        default: [],
        title: 'Signs',
        widget: 'rows',
        items: {
          type: 'object',
          properties: {
            column: { type: 'string', title: 'Column', widget: 'column' },
            sign: { type: 'string', enum: ['rises', 'falls'], title: 'Sign' },
          },
        },
      },
    },
  ),
  card(
    'assess/evaluate',
    'Evaluate',
    'Measures how good the model is on the test rows.',
    { model: 'model', table: 'table', baseline: { type: 'model', optional: true } },
    { evaluation: 'evaluation' },
  ),
  card(
    'fairness/audit',
    'Fairness',
    'Compares groups with intervals and the four-fifths rule.',
    { model: 'model', table: 'table' },
    { evaluation: 'evaluation' },
  ),
  card(
    'explain/shap',
    'SHAP',
    'Says which features moved each decision.',
    { model: 'model', table: 'table' },
    { explanation: 'explanation' },
  ),
  card(
    'release/gate',
    'Gate',
    'Holds a release until all checks hold.',
    { evaluations: { type: 'evaluation', many: true }, model: { type: 'model', optional: true } },
    { release: 'release' },
  ),
  card(
    'fairness/report',
    'Fairness report',
    'One page for reviewers that works without network.',
    {
      evaluations: { type: 'evaluation', many: true },
      explanation: { type: 'explanation', optional: true },
      release: { type: 'release', optional: true },
    },
    { report: 'report' },
  ),
]
