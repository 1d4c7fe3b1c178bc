/** What results say beside their blocks. */
export const reportMessages = {
  enlarge: '⤢ Enlarge',
  enlargeOf: (title: string) => `Enlarge ${title}`,
  close: 'Close',
  loading: 'Loading the chart…',
  notLoaded: 'The chart library could not be loaded. Close this and read the small chart.',
  brush: 'Drag along an axis, or go to it and press an arrow, to keep the lines that pass there.',
  passing: (kept: number, lines: number) =>
    `${kept} of ${lines} pass. Click a marked axis, or press Delete on it, to let go.`,
  keepOn: (axis: string) => `${axis}: keep lines`,
  kept: (from: string, to: string) => (from === to ? from : `${from} to ${to}`),
  noValues: 'no values',
  offers: 'What to put on the canvas',
}
