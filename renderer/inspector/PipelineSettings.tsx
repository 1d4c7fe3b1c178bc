import { messages } from '../shell/messages.ts'
import { useDocument, useWorkbench } from '../shell/workbench-context.ts'

/** The pipeline's own name, description and seed. */
export function PipelineSettings() {
  const { documents } = useWorkbench()
  const { name, description, seed, inputs } = useDocument((state) => state.document)
  return (
    <>
      <header className="inspector-head">
        <span className="inspector-family mute">{messages.inspector.pipeline}</span>
        <h2>{name}</h2>
      </header>
      <div className="inspector-body parameter-form">
        <label className="stacked">
          {messages.inspector.name}
          <input
            className="field"
            value={name}
            onChange={(event) =>
              event.target.value !== '' &&
              documents.edit(messages.edits.renamePipeline, (old) => ({ ...old, name: event.target.value }), 'name')
            }
          />
        </label>
        <label className="stacked">
          {messages.inspector.description}
          <textarea
            className="field"
            rows={4}
            value={description}
            onChange={(event) =>
              documents.edit(
                messages.edits.describe,
                (old) => ({ ...old, description: event.target.value }),
                'describe',
              )
            }
          />
        </label>
        <label className="stacked">
          {messages.inspector.seed}
          <input
            className="field"
            type="number"
            min={0}
            max={0xffffffff}
            value={seed}
            onChange={(event) => {
              const value = event.target.valueAsNumber
              if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff)
                documents.edit(messages.edits.seed, (old) => ({ ...old, seed: value }), 'seed')
            }}
          />
          <small className="mute">{messages.inspector.seedHint}</small>
        </label>
        {Object.keys(inputs).length > 0 && (
          <section>
            <h3>{messages.inspector.inputs}</h3>
            <dl className="facts">
              {Object.entries(inputs).map(([input, target]) => (
                <div key={input}>
                  <dt>{input}</dt>
                  <dd className="mono">{target}</dd>
                </div>
              ))}
            </dl>
          </section>
        )}
        <p className="mute">{messages.inspector.nothing}</p>
      </div>
    </>
  )
}
