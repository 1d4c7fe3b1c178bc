import { useState } from 'react'
import type { ReportBlock } from '#contract'
import { insertLike } from '../commands/acts/insert-like.ts'
import { messages } from '../shell/messages.ts'
import { useView, useWorkbench } from '../shell/workbench-context.ts'
import { reportMessages as words } from './report-messages.ts'

/** Nodes that a result offers, one of them chosen, with the button that puts it beside the one it came from. */
export function NodeOffer({ block }: { readonly block: Extract<ReportBlock, { block: 'node' }> }) {
  const workbench = useWorkbench()
  const building = useView((state) => state.room === 'build')
  const offers = [block, ...(block.others ?? [])]
  const [wanted, setWanted] = useState(0)
  const chosen = offers[wanted] ?? block
  return (
    <div className="node-offer">
      {offers.length > 1 && (
        <select
          className="field"
          aria-label={words.offers}
          value={wanted}
          onChange={(event) => setWanted(Number(event.target.value))}
        >
          {offers.map(({ title }, at) => (
            <option key={title} value={at}>
              {title}
            </option>
          ))}
        </select>
      )}
      <span>
        {offers.length === 1 && <b>{chosen.title} </b>}
        {chosen.text}
      </span>
      {building && (
        <button type="button" className="button small" onClick={() => insertLike(workbench, chosen.node)}>
          {messages.inspector.putOnCanvas}
        </button>
      )}
    </div>
  )
}
