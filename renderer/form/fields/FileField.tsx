import { pickFile } from '../../commands/acts/pick-file.ts'
import { messages } from '../../shell/messages.ts'
import { useWorkbench } from '../../shell/workbench-context.ts'
import { controlProps, type FieldProps } from './field-props.ts'

/** A path with a browse button. */
export function FileField(props: FieldProps) {
  const { parameter, value, change } = props
  const workbench = useWorkbench()
  async function browse() {
    const path = await pickFile(workbench, [])
    if (path !== null) change(path)
  }
  return (
    <span className="field-file">
      <input
        {...controlProps(props)}
        className="field"
        autoComplete="off"
        spellCheck={false}
        placeholder={parameter.placeholder}
        value={typeof value === 'string' ? value : ''}
        onChange={(event) => change(event.target.value === '' ? undefined : event.target.value)}
      />
      <button type="button" className="button" onClick={browse}>
        {messages.form.browse}
      </button>
    </span>
  )
}
