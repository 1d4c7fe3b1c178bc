/** What the import of Orange promises of the catalogue: its types and parameters exist. */
import { expect, test } from 'vitest'
import { counterparts } from '#graph/orange/widgets'
import { catalogue } from '#nodes'

const settings = {
  n_estimators: 40.4,
  learning_rate: 0.2,
  limit_depth: true,
  use_max_depth: true,
  max_depth: 900,
  limit_min_leaf: true,
  min_leaf: 3,
  nSelected: 5,
  hidden_layers_input: '50, 20,',
  max_iterations: 200,
}

test.each(Object.entries(counterparts))('%s has a node, and its settings fit', (_widget, { type, params }) => {
  const node = catalogue.find((one) => one.type === type)
  expect(node).toBeDefined()
  for (const given of [params?.(settings) ?? {}, params?.({}) ?? {}]) {
    expect(Object.keys(given).filter((name) => !(name in node!.params.shape))).toEqual([])
    expect(node!.params.safeParse(given).error).toBeUndefined()
  }
})
