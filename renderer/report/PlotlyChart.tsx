import type { Config, Data, Layout } from 'plotly.js'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { readChartColours } from './chart-colours.ts'
import { type PlotlyKind, plotlyFigure } from './plotly-figure.ts'
import { reportMessages as words } from './report-messages.ts'
import { type Selected, type SelectedBy, takeSelected } from './take-selected.ts'

/** Only what moves the view: nothing here may leave the window. */
const config: Partial<Config> = {
  displaylogo: false,
  responsive: true,
  modeBarButtons: [['zoom2d', 'pan2d', 'zoomIn2d', 'zoomOut2d', 'resetScale2d']],
}
const brushConfig: Partial<Config> = {
  ...config,
  modeBarButtons: [['select2d', 'lasso2d'], ...(config.modeBarButtons as string[][])] as never,
}

/** What is chosen in the chart, and what is drawn over it chooses. */
interface PlotBrush extends SelectedBy {
  /** Whether rows are chosen now, here or elsewhere. */
  readonly chosen: boolean
  /** What is chosen along x now. */
  readonly range: { readonly from: number; readonly to: number } | undefined
}

type Drawn = HTMLElement & {
  on(event: 'plotly_selected' | 'plotly_selecting', hear: (selected?: Selected) => void): void
}

interface PlotlyChartProps {
  readonly chart: PlotlyKind
  readonly title: string
  readonly brush?: PlotBrush
}

/** A chart to zoom, pan and hover in. The library is fetched with the first one. */
export function PlotlyChart({ chart, title, brush }: PlotlyChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const brushNow = useRef(brush)
  brushNow.current = brush
  const brushed = brush !== undefined
  /** What stands there; what is drawn anew is not there until it is. */
  const [ready, setReady] = useState<{ readonly chart: PlotlyKind; readonly brushed: boolean }>()
  const [failed, setFailed] = useState(false)
  const drawn = ready?.chart === chart && ready.brushed === brushed
  useEffect(() => {
    const element = place.current
    if (!element) return
    let gone = false
    let purge = () => {}
    const draw = async () => {
      try {
        const { default: plotly } = await import('plotly.js/dist/plotly-cartesian.min.js')
        if (gone) return
        const { data, layout } = plotlyFigure(chart, readChartColours(element))
        await plotly.newPlot(
          element,
          data as unknown as Data[],
          layout as Partial<Layout>,
          brushed ? brushConfig : config,
        )
        hearSelections(element as unknown as Drawn, (selected) => {
          if (brushNow.current) takeSelected(brushNow.current, selected)
        })
        purge = () => plotly.purge(element)
        if (gone) purge()
        else setReady({ chart, brushed })
      } catch {
        if (!gone) setFailed(true)
      }
    }
    void draw()
    return () => {
      gone = true
      purge()
    }
  }, [chart, brushed])
  useMark(place, drawn ? chart : undefined, brush)
  return (
    <>
      {!ready && !failed && <p className="report-wait">{words.loading}</p>}
      {failed && <p className="report-wait bad">{words.notLoaded}</p>}
      <div ref={place} className="report-plotly" role="img" aria-label={title} />
    </>
  )
}

/** Plotly tells a selection again when it draws anew; what somebody draws is told while it is drawn, too. */
function hearSelections(element: Drawn, take: (selected: Selected) => void): void {
  let drawing = false
  element.on('plotly_selecting', () => {
    drawing = true
  })
  element.on('plotly_selected', (selected) => {
    if (selected && drawing) take(selected)
    drawing = false
  })
}

/** Tints what is chosen along x; what was drawn goes once nothing is chosen. */
function useMark(
  place: RefObject<HTMLDivElement | null>,
  drawn: PlotlyKind | undefined,
  brush: PlotBrush | undefined,
): void {
  const [from, to] = [brush?.range?.from, brush?.range?.to]
  const nothing = brush?.chosen === false
  useEffect(() => {
    const element = place.current
    if (!element || !drawn) return
    const colours = readChartColours(element)
    const own = (plotlyFigure(drawn, colours).layout['shapes'] ?? []) as object[]
    const band = { type: 'rect', yref: 'paper', x0: from, x1: to, y0: 0, y1: 1, line: { width: 0 } }
    const mark = from === undefined ? [] : [{ ...band, fillcolor: colours.accent, opacity: 0.14, layer: 'below' }]
    const change = { shapes: [...own, ...mark], ...(nothing && { selections: [] }) }
    let gone = false
    void import('plotly.js/dist/plotly-cartesian.min.js').then(({ default: plotly }) => {
      if (!gone) void plotly.relayout(element, change as Partial<Layout>)
    })
    return () => {
      gone = true
    }
  }, [place, drawn, from, to, nothing])
}
