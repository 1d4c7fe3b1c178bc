const node = (type: string, params: object = {}) => ({ type, version: 1, params })

/** Loans that a linear model learns and an evaluation judges. */
export const plainLoans = {
  format: 1,
  name: 'Sweeping',
  nodes: {
    loans: node('data/example', { set: 'loans', rows: 600 }),
    split: node('data/split'),
    model: node('train/linear'),
    judge: node('assess/evaluate'),
  },
  edges: [
    { from: 'loans.table', to: 'split.table' },
    { from: 'split.table', to: 'model.table' },
    { from: 'split.table', to: 'judge.table' },
    { from: 'model.model', to: 'judge.model' },
  ],
  layout: { loans: [0, 0], split: [240, 0], model: [480, 0], judge: [720, 0] },
}

const around = (id: string, type: string) => ({
  version: 1,
  nodes: { table: node('input/table'), [id]: node(type), out: node('output/model') },
  edges: [
    { from: 'table.value', to: `${id}.table` },
    { from: `${id}.${type.startsWith('group/') ? 'out' : 'model'}`, to: 'out.value' },
  ],
  layout: { table: [0, 0], [id]: [240, 0], out: [480, 0] },
})

/** The same with the model inside a group inside a group, which show nothing. */
export const nestedLoans = {
  ...plainLoans,
  nodes: { ...plainLoans.nodes, model: node('group/outer') },
  edges: plainLoans.edges.map((edge) => (edge.from === 'model.model' ? { ...edge, from: 'model.out' } : edge)),
  groups: {
    inner: { title: 'Inner', ...around('linear', 'train/linear') },
    outer: { title: 'Outer', ...around('inside', 'group/inner') },
  },
}
