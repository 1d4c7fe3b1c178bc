import type { CardFact, Model, ReportBlock } from '#contract'
import { formatBytes, formatNumber, formatPercent } from '#report/format-number'
import type { QuantizeFacts } from './run.ts'

const factsOf = (model: Model) => (model.learner.params as unknown as { readonly facts: QuantizeFacts }).facts

export function quantizeCard(model: Model): CardFact {
  const { bytesBefore, bytesAfter, exact, tried, layers } = factsOf(model)
  if (layers.every(({ fine }) => fine))
    return { text: `Stays at **${formatBytes(bytesBefore)}**: 8 bits would make it larger`, tone: 'stale' }
  return {
    picture: {
      type: 'bars',
      values: layers.map(({ loss }) => Math.max(0, loss)),
      tones: layers.map(({ fine }) => (fine ? 'ok' : 'mute')),
    },
    text: `**${formatBytes(bytesAfter)}** from ${formatBytes(bytesBefore)}, loses ${formatPercent(Math.max(0, exact - tried.at(-1)!.quality), 2)}`,
  }
}

export function quantizeReport(model: Model): ReportBlock[] {
  const { exact, judgedOn, bytesBefore, bytesAfter, layers, tried, latencyBefore } = factsOf(model)
  const chosen = tried.at(-1)!
  const timed = tried.some(({ latencyMs }) => latencyMs !== undefined)
  const name = model.purpose === 'regression' ? 'R²' : 'Accuracy'
  return [
    { block: 'heading', text: 'Quantisation', note: `judged on ${judgedOn} rows` },
    {
      block: 'table',
      title: 'Before and after',
      columns: ['Figure', 'Before', 'After', 'Change'],
      rows: [
        [name, exact, chosen.quality, formatNumber(chosen.quality - exact, 4)],
        [
          'Size of the file',
          formatBytes(bytesBefore),
          formatBytes(bytesAfter),
          formatPercent(bytesAfter / bytesBefore - 1, 0),
        ],
        ...(latencyBefore === undefined || chosen.latencyMs === undefined
          ? []
          : [
              [
                'Milliseconds a row, 95th percentile',
                formatNumber(latencyBefore, 3),
                formatNumber(chosen.latencyMs, 3),
                formatPercent(chosen.latencyMs / latencyBefore - 1, 0),
              ],
            ]),
      ],
      note: 'Many rows at once become faster; a single row can become slower. Measure both with Benchmark model.',
    },
    {
      block: 'table',
      title: 'What each layer costs when it alone is made smaller',
      columns: ['Layer', 'Kind', 'Loss of quality', 'Bytes saved', 'Kept'],
      rows: layers.map(({ layer, kind, loss, saved, fine }) => [
        layer + 1,
        kind,
        loss,
        formatBytes(saved),
        fine ? 'fine' : 'int8',
      ]),
    },
    ...(tried.length > 1
      ? [
          {
            block: 'table' as const,
            title: 'Tried until the limits were kept',
            columns: ['Layers kept fine', name, 'Network, bytes', ...(timed ? ['ms a row'] : [])],
            rows: tried.map(({ fine, quality, bytes, latencyMs }) => [
              fine.length === 0 ? 'none' : fine.map((layer) => layer + 1).join(', '),
              quality,
              bytes,
              ...(timed ? [latencyMs ?? null] : []),
            ]),
          },
        ]
      : []),
  ]
}
