import './tour.css'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { Markdown } from '../shell/Markdown.tsx'
import { messages } from '../shell/messages.ts'
import { useView, useWorkbench } from '../shell/workbench-context.ts'
import { tourSteps } from './tour-steps.ts'

/** The tour over the canvas: what to do now, done by the user or by itself, step after step. */
export function TourCard() {
  const step = useView((state) => state.tourStep)
  return step === null ? null : <Step at={step} />
}

function Step({ at }: { at: number }) {
  const workbench = useWorkbench()
  const { view } = workbench
  // The steps look at these three; each change is a reason to look again.
  useStore(workbench.documents)
  useStore(workbench.runs)
  useStore(view)
  const step = tourSteps[at]
  const done = step?.done(workbench) === true
  useEffect(() => {
    if (done) view.set({ tourStep: at + 1 })
  }, [done, at, view])
  useLit(step?.target)
  const leave = () => view.set({ tourStep: null })
  const words = step ? messages.tour.steps[step.id] : undefined
  return (
    <section className="tour-card" aria-label={messages.tour.title}>
      <div role="status">
        <small className="mute">{step ? messages.tour.step(at + 1, tourSteps.length) : messages.tour.title}</small>
        {words && <h2>{words.title}</h2>}
        <Markdown text={words ? words.text : messages.tour.done} />
      </div>
      <footer>
        {step && (
          <button type="button" className="button small primary" onClick={() => step.act(workbench)}>
            {messages.tour.doIt}
          </button>
        )}
        <button type="button" className="button small" onClick={leave}>
          {step ? messages.tour.end : messages.tour.close}
        </button>
      </footer>
    </section>
  )
}

/** Lights what the step is about, wherever it stands, and brings it into sight. */
function useLit(selector: string | undefined) {
  useEffect(() => {
    const target = selector === undefined ? null : document.querySelector(selector)
    target?.classList.add('tour-lit')
    target?.scrollIntoView({ block: 'nearest' })
    return () => target?.classList.remove('tour-lit')
  }, [selector])
}
