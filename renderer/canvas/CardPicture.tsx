import { memo } from 'react'
import type { CardFact } from '#contract'
import { keyed } from '../shell/keyed.ts'

type Picture = NonNullable<CardFact['picture']>

const width = 176
const height = 40

/** The one small picture of a card, at most 176 × 40 px. Its meaning stands in the line of fact. */
export const CardPicture = memo(function CardPicture({ picture }: { picture: Picture }) {
  switch (picture.type) {
    case 'bars':
      return <Bars values={picture.values} tones={picture.tones} />
    case 'rows':
      return <Rows values={picture.values} />
    case 'line':
      return <Lines series={picture.series} />
    case 'dots':
      return <Dots x={picture.x} y={picture.y} />
  }
})

function frame(children: React.ReactNode, tall = height) {
  return (
    <svg className="card-picture" viewBox={`0 0 ${width} ${tall}`} width={width} height={tall} aria-hidden="true">
      {children}
    </svg>
  )
}

function Bars({ values, tones }: { values: readonly number[]; tones?: readonly string[] | undefined }) {
  const most = Math.max(...values.map(Math.abs), 1e-9)
  const step = width / Math.max(values.length, 1)
  const gap = Math.min(3, step / 4)
  return frame(
    keyed(values).map(({ key, item: value, at: index }) => {
      const tall = Math.max(1.5, (Math.abs(value) / most) * height)
      return (
        <rect
          key={key}
          x={index * step}
          y={height - tall}
          width={Math.max(1, Math.min(step - gap, 34))}
          height={tall}
          rx="1"
          data-tone={tones?.[index]}
        />
      )
    }),
  )
}

function Rows({ values }: { values: readonly number[] }) {
  const most = Math.max(...values.map(Math.abs), 1e-9)
  const shown = values.slice(0, 4)
  return frame(
    keyed(shown).map(({ key, item: value, at: index }) => (
      <rect key={key} y={index * 11} width={Math.max(2, (Math.abs(value) / most) * width)} height="8" rx="1" />
    )),
    Math.max(8, shown.length * 11 - 3),
  )
}

function Lines({ series }: { series: readonly (readonly number[])[] }) {
  const all = series.flat()
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const span = high - low || 1
  const point = (value: number, index: number, length: number) =>
    `${((index / Math.max(length - 1, 1)) * (width - 4) + 2).toFixed(1)} ${(height - 3 - ((value - low) / span) * (height - 6)).toFixed(1)}`
  return frame(
    keyed(series).map(({ key, item: line, at: index }) => (
      <path
        key={key}
        className="line"
        data-series={index}
        d={`M${line.map((value, at) => point(value, at, line.length)).join('L')}`}
      />
    )),
  )
}

function Dots({ x, y }: { x: readonly number[]; y: readonly number[] }) {
  const [left, right] = [Math.min(...x), Math.max(...x)]
  const [low, high] = [Math.min(...y), Math.max(...y)]
  return frame(
    keyed(x).map(({ key, item: value, at: index }) => (
      <circle
        key={key}
        cx={4 + ((value - left) / (right - left || 1)) * (width - 8)}
        cy={height - 4 - (((y[index] ?? low) - low) / (high - low || 1)) * (height - 8)}
        r="2.6"
      />
    )),
  )
}
