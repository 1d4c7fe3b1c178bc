import type { PictureChart } from '#contract'
import { formatAs } from '#report/format-number'
import type { ChartColours, PlotlyFigure } from './plotly-figure.ts'

/** The grid of a picture as a heat map around 0: what pushes down in one colour, what pushes up in another. */
export function pictureFigure({ values, x }: PictureChart, colours: ChartColours): PlotlyFigure {
  const largest = Math.max(...values.flat().map(Math.abs), 0) || 1
  const trace = {
    type: 'heatmap',
    z: values,
    zmin: -largest,
    zmax: largest,
    colorscale: [
      [0, colours.bad],
      [0.5, colours.panel],
      [1, colours.ok],
    ],
    hovertext: values.map((row, r) =>
      row.map((value, c) => `row ${r + 1}, column ${c + 1}<br>${formatAs('signed', value)}`),
    ),
    hoverinfo: 'text',
    colorbar: { title: { text: x, side: 'right' }, tickfont: { color: colours.mute } },
  }
  const hidden = { visible: false, constrain: 'domain' }
  return {
    data: [trace],
    layout: {
      paper_bgcolor: 'transparent',
      plot_bgcolor: 'transparent',
      font: { family: 'Inter Variable, Inter, system-ui, sans-serif', size: 12, color: colours.ink },
      margin: { l: 8, r: 8, t: 8, b: 8 },
      xaxis: hidden,
      yaxis: { ...hidden, autorange: 'reversed', scaleanchor: 'x' },
    },
  }
}
