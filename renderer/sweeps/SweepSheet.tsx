import { sweepMessages } from './sweep-messages.ts'
import './sweeps.css'
import { useEffect, useState } from 'react'
import { Modal } from '../shell/Modal.tsx'
import { messages } from '../shell/messages.ts'
import { useAnswer } from '../shell/use-answer.ts'
import { useFile, useView, useWorkbench } from '../shell/workbench-context.ts'
import { SweepPlanForm } from './SweepPlanForm.tsx'
import { SweepResult } from './SweepResult.tsx'

/** Plans a sweep, shows one while it runs, and opens earlier ones again. */
export function SweepSheet() {
  const { view } = useWorkbench()
  const asked = useView((state) => state.sweepOf)
  const [shown, setShown] = useState<string | null>(null)
  const close = () => view.set({ overlay: null, sweepOf: null })
  return (
    <Modal label={sweepMessages.title} close={close} wide>
      <div className="sweep-sheet">
        <div className="sheet-head">
          <h2>{sweepMessages.title}</h2>
          <EarlierSweeps shown={shown} show={setShown} />
          <button type="button" className="button small" onClick={close}>
            {messages.keys.close}
          </button>
        </div>
        {shown === null ? (
          <SweepPlanForm first={asked} started={setShown} />
        ) : (
          <SweepResult key={shown} id={shown} close={close} />
        )}
      </div>
    </Modal>
  )
}

function EarlierSweeps({ shown, show }: { shown: string | null; show: (id: string | null) => void }) {
  const { engine } = useWorkbench()
  const file = useFile((state) => state.path)
  const [ends, setEnds] = useState(0)
  useEffect(
    () =>
      engine.subscribe((event) => {
        if (event.type === 'sweep' && event.status !== 'running') setEnds((old) => old + 1)
      }),
    [engine],
  )
  const sweeps = useAnswer(file === null ? null : `${file} ${shown} ${ends}`, () =>
    engine.sweeps({ file: file ?? '', limit: 30 }),
  )
  const known = sweeps.value ?? []
  if (known.length === 0 && shown === null) return <span className="sweep-space" />
  return (
    <select
      className="field sweep-earlier"
      aria-label={sweepMessages.earlier}
      value={shown ?? ''}
      onChange={(event) => show(event.target.value === '' ? null : event.target.value)}
    >
      <option value="">{sweepMessages.plan}</option>
      {shown !== null && !known.some(({ id }) => id === shown) && <option value={shown}>{shown}</option>}
      {known.map((sweep) => (
        <option key={sweep.id} value={sweep.id}>
          {sweepMessages.option(sweep)}
        </option>
      ))}
    </select>
  )
}
