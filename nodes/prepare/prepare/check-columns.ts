import type { Column, PortSchema, Problem } from '#contract'
import { isFeature, isProblem, targetColumn } from '#ml/roles'
import type { PrepareParams } from './params.ts'

type Override = PrepareParams['overrides'][number]

/** The chosen columns, else all features; never the target that is named here. */
export function chosenFeatures(columns: readonly Column[], params: PrepareParams): readonly Column[] {
  if (params.columns.length > 0) return columns.filter(({ name }) => params.columns.includes(name))
  const target = usesTarget(columns, params) ? params.target : ''
  return columns.filter((column) => isFeature(column) && column.name !== target)
}

/** Whether some column is encoded by the target. */
export function usesTarget(columns: readonly Column[], { encode, overrides, ...params }: PrepareParams): boolean {
  const own = new Map(overrides.map((override) => [override.column, override.encode]))
  return columns.some(({ name, type, role }) => {
    if (type !== 'text' || (role !== undefined && role !== 'feature')) return false
    if (name === params.target || (params.columns.length > 0 && !params.columns.includes(name))) return false
    const said = own.get(name) ?? 'same'
    return said === 'target' || (said === 'same' && encode === 'target')
  })
}

/** What is wrong with the chosen columns, the rules for single ones, and the target they need. */
export function columnProblems(columns: readonly Column[], params: PrepareParams): Problem[] {
  const features = chosenFeatures(columns, params)
  if (features.length === 0) return [noFeatures(params.columns.length > 0 ? 'params' : 'inputs')]
  return [
    ...features.filter((column) => !isFeature(column)).map(notFeature),
    ...params.overrides.flatMap((override, index) => overrideProblems(override, index, features)),
    ...targetProblems(columns, features, params),
    ...characterProblems(params),
  ]
}

/** The model at the optional input must be a preparation. */
export const givenProblem = ({ purpose }: PortSchema): Problem | undefined =>
  purpose === undefined || purpose === 'preparation'
    ? undefined
    : {
        code: 'not-supported',
        message: 'The model at the input preparation predicts; a preparation is needed there.',
        path: ['inputs', 'preparation'],
        fix: 'Connect the preparation of a prepare node, or remove the wire',
      }

const noFeatures = (where: 'inputs' | 'params'): Problem => ({
  code: 'role-missing',
  message: 'No column is left to prepare: all have roles other than feature.',
  path: where === 'inputs' ? ['inputs', 'table'] : ['params', 'columns'],
  fix: 'Choose the columns here, or give them the role feature in the schema',
})

const notFeature = ({ name, role, type }: Column): Problem => ({
  code: 'not-supported',
  message: `${name} ${role && role !== 'feature' ? `has the role ${role}` : `holds ${type}s`}; a preparation is made of features alone.`,
  path: ['params', 'columns'],
  fix: `Remove ${name} from the columns`,
  columns: [name],
})

function targetProblems(columns: readonly Column[], features: readonly Column[], params: PrepareParams): Problem[] {
  if (!usesTarget(columns, params)) return []
  const target = targetColumn(columns, params.target)
  if (isProblem(target)) return [target]
  const { name, type } = target
  if (type === 'image' || type === 'date')
    return [
      {
        code: 'column-type',
        message: `The target ${name} is ${type}; levels are encoded by classes or numbers.`,
        path: ['params', 'target'],
        fix: 'Choose another target, or another encoding',
        columns: [name],
      },
    ]
  if (!features.some((feature) => feature.name === name)) return []
  return [
    {
      code: 'not-supported',
      message: `${name} is the target that levels are encoded by, so it can not be prepared as a feature.`,
      path: ['params', 'columns'],
      fix: `Remove ${name} from the columns`,
      columns: [name],
    },
  ]
}

function characterProblems({ fewestCharacters, mostCharacters }: PrepareParams): Problem[] {
  if (fewestCharacters <= mostCharacters) return []
  return [
    {
      code: 'parameter-bad',
      message: `Terms can not have at least ${fewestCharacters} and at most ${mostCharacters} characters.`,
      path: ['params', 'mostCharacters'],
      fix: `Allow ${fewestCharacters} characters or more`,
    },
  ]
}

const imputations = {
  text: ['same', 'category', 'mode'],
  date: ['same', 'median', 'mean', 'mode', 'constant', 'neighbours'],
  number: ['same', 'median', 'mean', 'mode', 'constant', 'neighbours'],
} as const
const encodingsOf = {
  text: ['same', 'one-hot', 'ordinal', 'target', 'hash', 'words', 'characters', 'hashed-words', 'hashed-characters'],
  date: ['same', 'number', 'parts', 'circles'],
  number: ['same', 'number'],
} as const

function overrideProblems(override: Override, index: number, features: readonly Column[]): Problem[] {
  const { column: name, impute, encode } = override
  const column = features.find((candidate) => candidate.name === name)
  if (!column)
    return [
      {
        code: 'column-unknown',
        message: `"${name}" is not among the prepared columns, so no other rule can hold for it.`,
        path: ['params', 'overrides', index, 'column'],
        fix: 'Choose one of the prepared columns, or remove the row',
      },
    ]
  const kind = column.type === 'text' || column.type === 'date' ? column.type : 'number'
  const problem = (field: 'impute' | 'encode', what: string, allowed: readonly string[]): Problem[] =>
    allowed.includes(override[field])
      ? []
      : [
          {
            code: 'parameter-bad',
            message: `${name} is ${column.type}; ${what}.`,
            path: ['params', 'overrides', index, field],
            fix: `Choose one of ${allowed.join(', ')}`,
            columns: [name],
          },
        ]
  const stand = impute === 'category' ? 'a category' : `the ${impute}`
  return [
    ...problem('impute', `missing values of it can not become ${stand}`, imputations[kind]),
    ...problem('encode', `it can not become ${encode}`, encodingsOf[kind]),
  ]
}
