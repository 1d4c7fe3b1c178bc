import type { Config, Data, Layout } from 'plotly.js'
import { useEffect, useRef, useState } from 'react'
import { readChartColours } from './chart-colours.ts'
import { type PlotlyKind, plotlyFigure } from './plotly-figure.ts'
import { reportMessages as words } from './report-messages.ts'

/** Only what moves the view: nothing here may leave the window. */
const config: Partial<Config> = {
  displaylogo: false,
  responsive: true,
  modeBarButtons: [['zoom2d', 'pan2d', 'zoomIn2d', 'zoomOut2d', 'resetScale2d']],
}

interface PlotlyChartProps {
  readonly chart: PlotlyKind
  readonly title: string
}

/** A chart to zoom, pan and hover in. The library is fetched with the first one. */
export function PlotlyChart({ chart, title }: PlotlyChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading')
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
        await plotly.newPlot(element, data as unknown as Data[], layout as Partial<Layout>, config)
        purge = () => plotly.purge(element)
        if (gone) purge()
        else setState('ready')
      } catch {
        if (!gone) setState('failed')
      }
    }
    void draw()
    return () => {
      gone = true
      purge()
    }
  }, [chart])
  return (
    <>
      {state === 'loading' && <p className="report-wait">{words.loading}</p>}
      {state === 'failed' && <p className="report-wait bad">{words.notLoaded}</p>}
      <div ref={place} className="report-plotly" role="img" aria-label={title} />
    </>
  )
}
