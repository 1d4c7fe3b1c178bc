import { type NodeProps, NodeResizer } from '@xyflow/react'
import { memo } from 'react'
import { messages } from '../shell/messages.ts'
import { useDocument, useWorkbench } from '../shell/workbench-context.ts'
import { changeFrame } from '../state/edits/annotate.ts'

/** A titled frame behind some nodes. Its title drags it with all that lies inside. */
export const FrameCard = memo(function FrameCard({ id, selected }: NodeProps) {
  const index = Number(id.slice('frame:'.length))
  const frame = useDocument((state) => state.document.frames[index])
  const { documents } = useWorkbench()
  if (!frame) return null
  return (
    <div className="frame-card" data-selected={selected || undefined}>
      <NodeResizer
        isVisible={selected}
        minWidth={120}
        minHeight={80}
        onResizeEnd={(_, { x, y, width, height }) =>
          documents.edit(messages.edits.frame, (document) =>
            changeFrame(document, index, {
              x: Math.round(x),
              y: Math.round(y),
              width: Math.round(width),
              height: Math.round(height),
            }),
          )
        }
      />
      <span className="frame-title">
        <input
          className="nokey"
          aria-label={messages.canvas.frameTitle}
          value={frame.title}
          size={Math.max(4, frame.title.length)}
          onChange={(event) =>
            documents.edit(
              messages.edits.frame,
              (document) => changeFrame(document, index, { title: event.target.value }),
              `frame:${index}`,
            )
          }
        />
      </span>
    </div>
  )
})
