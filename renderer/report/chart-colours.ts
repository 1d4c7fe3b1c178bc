import type { ChartColours } from './plotly-figure.ts'

/** Colours as the theme has them now. */
export function readChartColours(element: Element): ChartColours {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    ink: token('ink'),
    mute: token('mute'),
    line: token('line'),
    edge: token('edge'),
    panel: token('panel'),
    run: token('run'),
    ok: token('ok'),
    bad: token('bad'),
    stale: token('stale'),
    accent: token('accent'),
  }
}
