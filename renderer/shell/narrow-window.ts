import type { ViewStore } from '../state/view-store.ts'

/** As wide as the layout with panels beside the canvas needs; an enlarged page is narrow too. */
const narrow = '(max-width: 1000px)'
/** Lower than that, the dock leaves no canvas. */
const low = '(max-height: 560px)'

/** In a narrow window panels lie over the canvas: closed at first, one at a time. A wide one gets back what it had. */
export function followNarrowWindow(view: ViewStore): void {
  const query = matchMedia(narrow)
  let wide = panelsOf(view)
  function adapt() {
    if (!query.matches) return view.set(wide)
    wide = panelsOf(view)
    view.set({ paletteOpen: false, inspectorOpen: false, ...(matchMedia(low).matches && { dockOpen: false }) })
  }
  if (query.matches) adapt()
  query.addEventListener('change', adapt)
  view.subscribe((now, before) => {
    if (!query.matches || !now.paletteOpen || !now.inspectorOpen) return
    view.set(before.inspectorOpen ? { inspectorOpen: false } : { paletteOpen: false })
  })
}

function panelsOf(view: ViewStore) {
  const { paletteOpen, inspectorOpen, dockOpen } = view.getState()
  return { paletteOpen, inspectorOpen, dockOpen }
}
