declare module 'plotly.js/dist/plotly-cartesian.min.js' {
  const plotly: typeof import('plotly.js')

  export = plotly
}
