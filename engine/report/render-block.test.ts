import { expect, test } from 'vitest'
import type { Chart, ReportBlock } from '#contract'
import { plainText } from './escape.ts'
import { renderBlock, renderBlocks } from './render-block.ts'

const attack = `<img src=x onerror=alert(1)>"'&`
const escaped = '&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;'
const estimate = { value: 0.43, low: 0.405, high: 0.455, n: 1563 }

const charts: readonly Chart[] = [
  {
    type: 'bars',
    format: 'percent',
    rows: [{ label: attack, estimate, limit: 0.48, note: attack, tone: 'bad' }],
    x: attack,
  },
  {
    type: 'line',
    x: attack,
    y: attack,
    series: [
      { name: attack, x: [0, 1, 2], y: [0, null, 1], low: [0, 0, 0], high: [1, 1, 1] },
      { name: 'b', x: [0], y: [1] },
    ],
    limit: 0.5,
    diagonal: true,
  },
  { type: 'scatter', x: attack, y: attack, series: [{ name: attack, x: [1, 2], y: [3, 4] }] },
  { type: 'bar', x: attack, y: attack, series: [{ name: attack, x: [attack, 'b'], y: [3, null] }] },
  { type: 'histogram', x: attack, edges: [0, 1, 2], series: [{ name: attack, counts: [3, 0] }] },
  {
    type: 'parallel',
    axes: [
      { title: attack, low: 0.001, high: 1, log: true },
      { title: 'n', low: 0, high: 10 },
      { title: attack, words: [attack, 'b'] },
    ],
    lines: [
      { label: attack, values: [0.01, 5, attack], strength: 1 },
      { label: 'b', values: [0.1, null, 'b'], strength: 0.2 },
    ],
  },
  {
    type: 'picture',
    picture: { width: 2, height: 1, channels: 3, bytes: [0, 10, 255, 90, 80, 70] },
    values: [[0.5, -0.2]],
    x: attack,
  },
  { type: 'picture', values: [[0, 0]], x: attack },
  { type: 'swarm', rows: [{ label: attack, x: [0.1, -0.2, 0.1], shade: [0, 1, null] }], x: attack },
  {
    type: 'waterfall',
    start: { label: attack, value: 1 },
    steps: [{ label: attack, change: -0.4 }],
    end: attack,
    x: attack,
  },
  {
    type: 'layers',
    layers: [
      { label: attack, shape: attack, share: 0 },
      { label: 'dense', shape: '3', share: 1 },
    ],
    around: [{ from: 1, to: 1 }],
  },
  {
    type: 'matrix',
    x: attack,
    y: attack,
    rows: [attack, 'no'],
    columns: [attack, 'no'],
    values: [
      [1, 2],
      [3, 4],
    ],
  },
]

const blocks: readonly ReportBlock[] = [
  { block: 'heading', text: attack, note: attack },
  { block: 'text', text: attack, tone: 'bad' },
  { block: 'metric', label: attack, estimate, against: { label: attack, value: 0.6 } },
  {
    block: 'table',
    title: attack,
    columns: [attack, 'n'],
    rows: [
      [attack, 1],
      [{ text: attack, tone: 'bad' }, estimate],
      [null, null],
    ],
    note: attack,
  },
  ...charts.map((chart): ReportBlock => ({ block: 'chart', title: attack, note: attack, chart })),
  { block: 'gates', gates: [{ label: attack, verdict: 'fail', value: attack }] },
  {
    block: 'words',
    title: attack,
    text: attack,
    parts: [
      { text: attack, contribution: 1 },
      { text: attack, contribution: -0.5 },
      { text: attack, contribution: 0 },
    ],
    note: attack,
  },
  {
    block: 'node',
    title: attack,
    text: attack,
    node: { type: 'x/y', params: {} },
    others: [{ title: attack, text: attack, node: { type: 'x/y', params: {} } }],
  },
  { block: 'verdict', verdict: 'wait', title: attack, text: attack, figure: { value: attack, label: attack } },
  {
    block: 'person',
    title: attack,
    text: attack,
    reasons: [{ feature: attack, value: attack, contribution: -0.1 }],
    note: attack,
  },
  {
    block: 'review',
    evaluationHash: attack,
    modelHash: attack,
    features: [{ step: attack, feature: attack, reason: attack }],
  },
]

test.each([...blocks, { block: 'columns', left: blocks, right: blocks } as const])(
  '$block lets no markup through',
  (block) => {
    for (const width of [120, 360, 950]) {
      const html = renderBlock(block, { width })
      expect(html).not.toContain('<img')
      expect(html).not.toMatch(/NaN|undefined|Infinity/)
      expect(html).not.toContain(' style=')
      if (block.block !== 'columns' && block.block !== 'chart') expect(html).toContain(escaped)
    }
  },
)

test.each(charts)('a $type chart is a picture with words', (chart) => {
  const html = renderBlock({ block: 'chart', title: 'Who is approved', chart })
  expect(html).toMatch(/<svg class="b-plot" role="img" aria-label="Who is approved\. [^"]{8,}"/)
  expect(html).toMatch(/<title>Who is approved<\/title><desc>[^<]{8,}<\/desc>/)
})

test('a bar says its figure, interval, limit and count', () => {
  const html = renderBlock({
    block: 'chart',
    title: 'Rates',
    chart: { type: 'bars', format: 'percent', rows: [{ label: 'age 60+', estimate, limit: 0.48 }] },
  })
  expect(html).toContain('age 60+: 43\u00a0%, 95 % interval 41–46\u00a0%, limit 48\u00a0%, 1\u202f563 rows')
  expect(html).toContain('class="b-limit"')
  expect(html).toContain('class="b-whisker"')
})

test('bars end where the value is', () => {
  const html = renderBlock(
    {
      block: 'chart',
      title: 't',
      chart: {
        type: 'bars',
        format: 'number',
        rows: [
          { label: 'a', estimate: { value: 1 } },
          { label: 'b', estimate: { value: 0.5 } },
        ],
      },
    },
    { width: 500 },
  )
  const widths = [...html.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)"/g)].map((match) => Number(match[1]))
  expect(widths).toHaveLength(2)
  expect(widths[1]! / widths[0]!).toBeCloseTo(0.5, 2)
})

test('a column of figures has the same decimals in each row', () => {
  const html = renderBlock({
    block: 'table',
    columns: ['Group', 'Ratio'],
    rows: [
      ['a', { value: 0.71, low: 0.66, high: 0.76 }],
      ['b', 1],
    ],
  })
  expect(html).toContain('<td class="num">1.00</td>')
  expect(html).toContain('0.71<span class="b-interval">0.66–0.76</span>')
})

test('empty charts and tables still draw', () => {
  const empty: readonly Chart[] = [
    { type: 'bars', format: 'number', rows: [] },
    { type: 'line', x: '', y: '', series: [] },
    { type: 'bar', x: '', y: '', series: [{ name: '', x: [], y: [] }] },
    { type: 'histogram', x: '', edges: [], series: [{ name: '', counts: [] }] },
    { type: 'matrix', x: '', y: '', rows: [], columns: [], values: [] },
  ]
  for (const chart of empty)
    expect(renderBlock({ block: 'chart', title: 'Empty', chart })).not.toMatch(/NaN|Infinity|undefined/)
  expect(renderBlock({ block: 'table', columns: ['a'], rows: [] })).toContain('No rows.')
})

test('a chart under a heading of the same words has no second title, figures stand in one row', () => {
  const chart: ReportBlock = { block: 'chart', title: 'Who', chart: charts[0]! }
  expect(renderBlocks([{ block: 'heading', text: 'Who' }, chart])).not.toContain('<h3')
  expect(renderBlocks([{ block: 'heading', text: 'Other' }, chart])).toContain('<h3')
  const metric: ReportBlock = { block: 'metric', label: 'a', estimate: { value: 1 } }
  expect(renderBlocks([metric, metric, chart, metric]).match(/b-metrics/g)).toHaveLength(2)
})

test('bold marks the figure', () => {
  expect(renderBlock({ block: 'text', text: 'at **71 %** of <b>' })).toContain('at <b>71 %</b> of &lt;b&gt;')
  expect(plainText('**0.71** ratio')).toBe('0.71 ratio')
})

test('one tiny figure does not stretch its column', () => {
  const html = renderBlock({
    block: 'table',
    columns: ['Figure', 'Value'],
    rows: [
      ['AUC', 0.5123],
      ['ECE', 0.000333],
    ],
  })
  expect(html).toContain('<td class="num">0.512</td>')
  expect(html).toContain('<td class="num">0.000333</td>')
})

test('a column of sentences keeps room for them, and offers beside the first are named on paper', () => {
  const html = renderBlock({
    block: 'table',
    columns: ['n', 'short', 'long'],
    rows: [
      [1, 'a word', 'conv 8 3x3, batch norm, relu, pool 2, conv 16 3x3, batch norm, relu, pool 2, flatten, dense 5'],
    ],
  })
  expect(html.match(/class="long"/g)).toHaveLength(2)
  const offer = (title: string) => ({ title, text: `as ${title}`, node: { type: 'x/y', params: {} } })
  const others = ['second', 'third', 'fourth'].map(offer)
  const offers = renderBlock({ block: 'node', ...offer('first'), others })
  expect(offers).toMatch(/first.*second.*third/)
  expect(offers).not.toContain('fourth')
})

test('a network says its layers from the input on, its shares and its ways around', () => {
  const layers = [
    { label: 'input', shape: '1 × 8 × 8', share: 0 },
    { label: 'conv 4 3x3, relu', shape: '4 × 8 × 8', share: 0.25 },
    { label: 'dense 2', shape: '2', share: 0.75 },
  ]
  const chart = { type: 'layers' as const, layers, around: [{ from: 1, to: 1 }] }
  const html = renderBlock({ block: 'chart', title: 'The network', chart }, { width: 300 })
  expect(html).toMatch(/input \(1 × 8 × 8\), then conv 4 3x3, relu \(4 × 8 × 8, 25.% of the values\), then dense 2/)
  expect(html).toContain('a way around conv 4 3x3, relu')
  expect(html.match(/class="b-cell"/g)).toHaveLength(3)
})

test('words are marked by direction and strength, and say their number to those who can not see it', () => {
  const html = renderBlock({
    block: 'words',
    title: 'One message',
    text: 'cards',
    parts: [
      { text: 'My', contribution: 0 },
      { text: ' ', contribution: 0 },
      { text: 'card', contribution: 2 },
      { text: 'late', contribution: -0.8 },
      { text: 'so', contribution: 0.01 },
    ],
  })
  expect(html).toContain(
    '>My <mark class="b-word ok w5" title="+2.00">card<span class="b-hidden"> (+2.00)</span></mark>',
  )
  expect(html).toContain('<mark class="b-word bad w2"')
  expect(html).toContain('</mark>so</blockquote>')
})

test('a picture is drawn beside itself under its cells, or with them where there is little room', () => {
  const chart: Chart = {
    type: 'picture',
    picture: { width: 64, height: 64, channels: 1, bytes: Array.from({ length: 64 * 64 }, (_, at) => (at % 64) * 4) },
    values: [
      [1, -1],
      [0, 0.5],
    ],
    x: 'push',
  }
  const html = renderBlock({ block: 'chart', title: 'Shape', chart }, { width: 600 })
  expect(html).toContain('push, strongest at row 1, column 1 +1.000; row 1, column 2 −1.000')
  expect(html.match(/class="b-heat (ok|bad)"/g)).toEqual([
    'class="b-heat ok"',
    'class="b-heat bad"',
    'class="b-heat ok"',
  ])
  expect(html.match(/fill="rgb/g)).toHaveLength(32)
  expect(renderBlock({ block: 'chart', title: 'Shape', chart }, { width: 200 }).match(/fill="rgb/g)).toHaveLength(16)
})

test('points that would lie on one another are spread, and coloured by how high the value is', () => {
  const rows = [{ label: 'income', x: [0.2, 0.2, 0.2, -1], shade: [0, 0.5, 1, null] }]
  const html = renderBlock({ block: 'chart', title: 'All', chart: { type: 'swarm', rows, x: 'push' } }, { width: 500 })
  const dots = [...html.matchAll(/cx="([\d.]+)" cy="([\d.]+)" r="2.6" class="b-dot (\w+)"/g)].map(
    ([, ...found]) => found,
  )
  expect(dots.map(([, , look]) => look)).toEqual(['h0', 'h2', 'h4', 'mute'])
  expect(new Set(dots.slice(0, 3).map(([x]) => x)).size).toBe(1)
  expect(new Set(dots.slice(0, 3).map(([, y]) => y)).size).toBe(3)
  expect(html).toContain('push: income from −1 to 0.200')
})

test('a waterfall ends where its pushes add up to', () => {
  const chart: Chart = {
    type: 'waterfall',
    start: { label: 'average person', value: 0.5 },
    steps: [
      { label: 'income 24k', change: -1.25 },
      { label: 'savings', change: 0.25 },
    ],
    end: 'this person',
    x: 'log-odds',
  }
  const html = renderBlock({ block: 'chart', title: 'One', chart }, { width: 500 })
  expect(html).toContain('average person 0.500, income 24k −1.25, savings +0.25, this person −0.500')
  expect(html.match(/class="b-solid (ok|bad)"/g)).toEqual(['class="b-solid bad"', 'class="b-solid ok"'])
})
