import { Component, type ReactNode } from 'react'
import { messages } from './messages.ts'

interface GuardProps {
  /** What is shown; another one gets another chance. */
  readonly of?: string | null
  readonly children: ReactNode
}
interface GuardState {
  readonly error: Error | null
  readonly of: GuardProps['of']
}

/** Keeps a failure within one part of the window: the rest stays usable. */
export class Guard extends Component<GuardProps, GuardState> {
  override state: GuardState = { error: null, of: this.props.of }

  static getDerivedStateFromError(error: Error): Partial<GuardState> {
    return { error }
  }

  static getDerivedStateFromProps({ of }: GuardProps, state: GuardState): GuardState | null {
    return of === state.of ? null : { error: null, of }
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <section className="guard" role="alert">
        <b className="bad">✕ {messages.guard.stopped}</b>
        <p>{messages.guard.cure}</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          {messages.guard.reload}
        </button>
        <details>
          <summary>{messages.guard.details}</summary>
          <pre>{error.stack ?? String(error)}</pre>
        </details>
      </section>
    )
  }
}
