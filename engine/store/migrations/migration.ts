export interface Migration {
  /** Counts up from 1 without gaps. */
  readonly number: number
  readonly name: string
  readonly sql: string
}
