import type { PortSchema, Problem } from '#contract'

/** What is wrong, as far as schemas tell, when models are judged on a table. The first model is the one at the port `model`. */
export function inferJudgement(models: readonly PortSchema[], table: PortSchema): Problem[] {
  return models.flatMap((model, index) => modelProblems(model, table, models[0]!, index === 0 ? 'model' : 'baseline'))
}

function modelProblems(model: PortSchema, table: PortSchema, first: PortSchema, port: string): Problem[] {
  if (model.purpose === 'preparation')
    return [
      {
        code: 'not-supported',
        message: 'The model at the input is a preparation and predicts nothing.',
        path: ['inputs', port],
        fix: 'Connect the model of a train node',
      },
    ]
  if (port === 'baseline' && model.target !== undefined && first.target !== undefined && model.target !== first.target)
    return [otherTarget(model.target, first.target)]
  const { columns } = table
  if (!columns) return []
  const names = new Set(columns.map(({ name }) => name))
  const needed = [
    ...(model.target === undefined ? [] : [model.target]),
    ...(model.features ?? []).map(({ name }) => name),
  ]
  const missing = needed.filter((name) => !names.has(name))
  if (missing.length === 0) return []
  return [
    {
      code: 'column-unknown',
      message: `The table does not have ${missing.slice(0, 5).join(', ')}, which the model needs.`,
      path: ['inputs', 'table'],
      fix: 'Connect a table with the columns the model was trained on',
      columns: missing.slice(0, 20),
    },
  ]
}

export const otherTarget = (target: string, wanted: string): Problem => ({
  code: 'not-supported',
  message: `A baseline predicts ${target}, the model ${wanted}: they can not be compared.`,
  path: ['inputs', 'baseline'],
  fix: `Connect a baseline that predicts ${wanted}`,
})
