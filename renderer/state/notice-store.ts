import { createStore } from 'zustand/vanilla'
import { problemsOf } from '#contract'

export interface Notice {
  readonly id: number
  readonly text: string
  readonly fix?: string
  readonly tone: 'plain' | 'bad' | 'ok'
  /** A notice takes the place of an older one about the same. */
  readonly topic?: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

const mostNotices = 3

export type NoticeStore = ReturnType<typeof createNoticeStore>

/** Short sentences that come and go at the foot of the window and are read aloud. */
export function createNoticeStore(lifeMs = 7_000) {
  const store = createStore<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }))
  let next = 1
  function dismiss(id: number) {
    store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }))
  }
  function say(text: string, more: Partial<Omit<Notice, 'id' | 'text'>> = {}) {
    const id = next++
    store.setState(({ notices }) => ({
      notices: [
        ...notices.filter((old) => old.text !== text && (more.topic === undefined || old.topic !== more.topic)),
        { id, text, tone: 'plain' as const, ...more },
      ].slice(-mostNotices),
    }))
    setTimeout(() => dismiss(id), lifeMs)
  }
  /** Says what an error says, with its cure. */
  function complain(error: unknown) {
    const [first, ...others] = problemsOf(error)
    if (!first || first.code === 'cancelled') return
    const more = others.length > 0 ? ` (+${others.length})` : ''
    say(first.message + more, { tone: 'bad', ...(first.fix ? { fix: first.fix } : {}) })
  }
  return { ...store, say, complain, dismiss }
}
