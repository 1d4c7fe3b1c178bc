export interface Keyed<T> {
  readonly key: string
  readonly item: T
  readonly at: number
}

/** Items of a list that never changes order, each with its place as a React key. */
export function keyed<T>(items: readonly T[]): readonly Keyed<T>[] {
  return items.map((item, at) => ({ key: String(at), item, at }))
}
