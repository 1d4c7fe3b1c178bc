import type { SearchSpace } from '#ml/search/space'
import { TpeSearch } from '#ml/search/tpe-search'
import type { Prepare } from '../own-data.ts'

const space: SearchSpace = {
  rate: { kind: 'number', low: 1e-4, high: 1, log: true },
  depth: { kind: 'integer', low: 1, high: 12 },
  leaves: { kind: 'integer', low: 2, high: 256, log: true },
  share: { kind: 'number', low: 0, high: 1 },
  offset: { kind: 'number', low: -5, high: 10 },
  kind: { kind: 'category', choices: ['gini', 'entropy', 'loss'] },
}

export const works: Readonly<Record<string, Prepare>> = {
  tpe: async () => () => {
    const search = new TpeSearch({ space, seed: 1 })
    for (let trial = search.ask(); trial && trial.number < 1_000; trial = search.ask()) {
      const { rate, depth, share, offset } = trial.settings as Record<string, number>
      search.tell(trial.number, (Math.log(rate!) + 3) ** 2 + (depth! - 5) ** 2 + share! + Math.abs(offset!))
    }
  },
}
