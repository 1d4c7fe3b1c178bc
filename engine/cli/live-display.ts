import type { RunEvent, StepStatus, StepSummary } from '#contract'
import { formatDuration } from '#report/format-time'
import type { Io } from './io.ts'
import { type RunDisplay, stateText, stepLine } from './run-display.ts'
import { cutText } from './text-table.ts'

interface Line {
  readonly step: Pick<StepSummary, 'status' | 'ms' | 'card' | 'problems'>
  readonly state: string
}

const redrawMs = 80
const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'

/** One line a node, redrawn in place as the run goes on. Where the terminal is too low, finished nodes leave first. */
export class LiveDisplay implements RunDisplay {
  private readonly io: Io
  private readonly width: number
  private readonly lines = new Map<string, Line>()
  private readonly startedAt = performance.now()
  private drawn = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(io: Io, order: readonly string[]) {
    this.io = io
    this.width = Math.min(28, Math.max(0, ...order.map((id) => id.length)))
    for (const id of order) this.lines.set(id, { step: { status: 'queued', problems: [] }, state: 'queued' })
    this.io.out.write(hideCursor)
    this.draw()
  }

  event(event: RunEvent): void {
    if (event.type === 'log' && event.level !== 'info') this.draw(`  ${event.node ?? 'run'}: ${event.message}`)
    if (event.type === 'step') this.lines.set(event.node, { step: event, state: stateText(event) })
    if (event.type === 'progress') this.progress(event.node, event.fraction, event.note)
    this.timer ??= setTimeout(() => this.draw(), redrawMs)
  }

  end(): void {
    this.draw()
    this.io.out.write(showCursor)
  }

  private progress(node: string, fraction: number, note: string | undefined): void {
    const line = this.lines.get(node)
    if (line?.step.status !== 'running') return
    const share = `${Math.floor(fraction * 100)} %`
    this.lines.set(node, { step: { ...line.step, ...(note ? { card: { text: note } } : {}) }, state: share })
  }

  /** Draws everything in one write; `above` is a line that stays. */
  private draw(above?: string): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const { out } = this.io
    const rows = [...this.shown()].map(([id, { step, state }]) =>
      cutText(stepLine(id, step, this.width, state), out.columns - 1),
    )
    const foot = this.foot()
    const back = this.drawn > 0 ? `\u001b[${this.drawn}A\r\u001b[J` : ''
    out.write(`${back}${above ? `${above}\n` : ''}${[...rows, foot].join('\n')}\n`)
    this.drawn = rows.length + 1
  }

  private shown(): ReadonlyMap<string, Line> {
    const room = Math.max(3, this.io.out.rows - 3)
    if (this.lines.size <= room) return this.lines
    const rank: Readonly<Record<StepStatus, number>> = {
      running: 0,
      failed: 1,
      queued: 2,
      cancelled: 3,
      skipped: 3,
      done: 4,
      cached: 5,
    }
    const ranked = [...this.lines].map(([id, line], index) => ({ id, rank: rank[line.step.status], index }))
    ranked.sort((a, b) => a.rank - b.rank || a.index - b.index)
    const kept = new Set(ranked.slice(0, room).map(({ id }) => id))
    return new Map([...this.lines].filter(([id]) => kept.has(id)))
  }

  private foot(): string {
    const states = [...this.lines.values()].map(({ step }) => step.status)
    const ended = states.filter((status) => status !== 'queued' && status !== 'running').length
    return `${ended} of ${states.length} nodes, ${formatDuration(performance.now() - this.startedAt)}`
  }
}
