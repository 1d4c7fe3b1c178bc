import { useEffect, useRef, useState } from 'react'
import { exportPipeline } from '../commands/export-pipeline.ts'
import { exportReport } from '../commands/export-report.ts'
import { runCommand } from '../commands/run-command.ts'
import { walkMenu } from './ContextMenu.tsx'
import { messages } from './messages.ts'
import { Popover } from './Popover.tsx'
import { useWorkbench } from './workbench-context.ts'

export function ExportMenu() {
  const workbench = useWorkbench()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState<readonly [number, number] | null>(null)
  useEffect(() => {
    if (at) list.current?.querySelector('button')?.focus()
  }, [at])
  function toggle() {
    const box = button.current?.getBoundingClientRect()
    setAt(at || !box ? null : [box.right - 260, box.bottom + 6])
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button"
        aria-haspopup="menu"
        aria-expanded={at !== null}
        onPointerDown={(event) => at && event.stopPropagation()}
        onClick={toggle}
      >
        {messages.top.export} ▾
      </button>
      {at && (
        <Popover at={at} width={260} label={messages.top.exportMenu} close={() => setAt(null)}>
          <div className="menu" role="menu" tabIndex={-1} ref={list} onKeyDown={walkMenu}>
            {[exportPipeline, exportReport].map((command) => (
              <button
                key={command.id}
                type="button"
                role="menuitem"
                onClick={() => {
                  setAt(null)
                  return runCommand(command, workbench)
                }}
              >
                {command.label}
              </button>
            ))}
          </div>
        </Popover>
      )}
    </>
  )
}
