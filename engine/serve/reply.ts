/** What a request is answered with. */
export interface Reply {
  readonly status: number
  readonly body: string
  readonly type?: string
  readonly fallback?: boolean
  readonly rows?: number
  /** Of a rollout: the version that answered, where it was one alone, its arm, and the rollout. */
  readonly version?: number
  readonly arm?: string
  readonly rollout?: number
}

export const json = (status: number, body: unknown, more: Partial<Reply> = {}): Reply => ({
  status,
  body: JSON.stringify(body),
  ...more,
})
export const refusal = (status: number, error: string, more: object = {}): Reply => json(status, { error, ...more })
