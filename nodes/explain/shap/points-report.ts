import type { ChartRows, Explanation, FeaturePoints, ReportBlock, Table } from '#contract'
import { rankShades } from '#ml/explain/feature-points'
import { formatCount } from '#report/format-number'
import { pushColumn, valueColumn } from './pushes-table.ts'

const spaced = (name: string) => name.replace(/[_\s]+/g, ' ').trim()
const shownDependences = 4

type ChartBlock = Extract<ReportBlock, { block: 'chart' }>

/** How high each value is among the others, from 0 to 1; words and missing values have no height. */
function shadesOf({ values }: FeaturePoints): readonly (number | null)[] {
  const numbers = Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN))
  return Array.from(rankShades(numbers), (shade) => (Number.isNaN(shade) ? null : Math.round(shade * 100) / 100))
}

/** Every row of the strongest features, and how contributions depend on values. */
export function pointBlocks(explanation: Explanation, scale: string): ReportBlock[] {
  const { table, points = [], classes, interactions, pointRows, pushes } = explanation
  const [first] = points
  if (!first) return []
  const which = classes?.[0] ? ` of ${classes[0].name}` : ''
  const count = formatCount(first.values.length, 'person', 'people')
  return [
    {
      block: 'chart',
      title: `Every person${which}`,
      note: `${count}, one point each: right of 0 the value pushed up. Grey: words, or missing.`,
      chart: {
        type: 'swarm',
        rows: points.map((one) => ({ label: spaced(one.feature), x: one.contributions, shade: shadesOf(one) })),
        x: `push on ${scale}`,
      },
      ...(pushes && { rows: swarmRows(table, points, pushes, pointRows) }),
    },
    ...points
      .slice(0, shownDependences)
      .map((one) => ({ ...dependence(one, points, which), rows: pushRows(table, one, pushes, pointRows) })),
    ...interactionChart(interactions, scale),
  ]
}

type Places = readonly number[] | undefined

/** Each line lies along what its feature pushes. */
function swarmRows(
  table: Explanation['table'],
  points: readonly FeaturePoints[],
  pushes: Table,
  places: Places,
): ChartRows {
  const lines = points.map(({ feature }) => pushColumn(feature))
  return { table, ...(places && { places }), beside: { table: pushes, lines } }
}

/** The points of a feature lie along its own column, and upwards along what it pushes. */
function pushRows(
  table: Explanation['table'],
  one: FeaturePoints,
  pushes: Table | undefined,
  places: Places,
): ChartRows {
  const rows = { table, x: one.feature, ...(places && { places: knownRows(one).map((row) => places[row]!) }) }
  const x = valueColumn(one.feature)
  const numeric = pushes?.columns.some(({ name }) => name === x)
  return pushes ? { ...rows, beside: { table: pushes, ...(numeric && { x }), y: pushColumn(one.feature) } } : rows
}

const knownRows = ({ values }: FeaturePoints) => [...values.keys()].filter((row) => values[row] !== null)

function dependence(one: FeaturePoints, points: readonly FeaturePoints[], which: string): ChartBlock {
  const other = points.find(({ feature }) => feature === one.strongest)
  const known = knownRows(one)
  const shades = other && shadesOf(other)
  const coloured = shades?.some((shade) => shade !== null)
  return {
    block: 'chart',
    title: `${spaced(one.feature)}: push by value${which}`,
    ...(coloured && { note: `Colour: ${spaced(other!.feature)}, low to high, which goes with it most.` }),
    chart: {
      type: 'scatter',
      x: spaced(one.feature),
      y: 'push',
      series: [
        {
          name: spaced(one.feature),
          x: known.map((row) => one.values[row]!),
          y: known.map((row) => one.contributions[row]!),
          ...(coloured && { shade: known.map((row) => shades![row]!) }),
        },
      ],
    },
  }
}

function interactionChart(interactions: Explanation['interactions'], scale: string): ReportBlock[] {
  if (!interactions) return []
  const { features, rows, values } = interactions
  const names = features.map(spaced)
  return [
    {
      block: 'chart',
      title: 'What features do together',
      note: `Mean size of the exact interaction of two features on ${scale}, over ${formatCount(rows, 'person', 'people')}; on the diagonal what each does alone.`,
      chart: {
        type: 'matrix',
        rows: names,
        columns: names,
        values: names.map((_, row) => values.slice(row * names.length, (row + 1) * names.length)),
        x: 'feature',
        y: 'with',
      },
    },
  ]
}
