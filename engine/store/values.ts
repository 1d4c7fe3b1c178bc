import { type Hash, type JsonValue, type PortValue, ProblemError } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { isHash } from './hashing.ts'

interface Bytes {
  put(bytes: Uint8Array): Promise<Hash>
  get(hash: Hash): Promise<Uint8Array>
}

/** Writes a JSON document; its hash is that of its canonical text. */
export async function putValue(files: Pick<Bytes, 'put'>, value: unknown): Promise<{ hash: Hash; bytes: number }> {
  const text = Buffer.from(canonicalJson(value), 'utf8')
  return { hash: await files.put(text), bytes: text.length }
}

export async function getValue(files: Pick<Bytes, 'get'>, hash: Hash): Promise<JsonValue> {
  const text = Buffer.from(await files.get(hash)).toString('utf8')
  try {
    return JSON.parse(text) as JsonValue
  } catch (cause) {
    throw new ProblemError(
      {
        code: 'not-found',
        message: `The stored content ${hash.slice(0, 12)} is not a document.`,
        fix: 'Name the artifact at the port of a step instead of the file it refers to.',
      },
      { cause },
    )
  }
}

/** Hashes named anywhere inside a document, sorted: bulk files and other artifacts it stands on. */
export function namedHashes(value: unknown): readonly Hash[] {
  const found = new Set<Hash>()
  const open: unknown[] = [value]
  while (open.length > 0) {
    const item = open.pop()
    if (isHash(item)) found.add(item)
    else if (typeof item === 'object' && item !== null) for (const inner of Object.values(item)) open.push(inner)
  }
  return [...found].sort()
}

/** The bulk files that hold the content of a value, as against what it merely refers to. */
export function bulkOf(value: PortValue): readonly Hash[] {
  if (value.kind === 'table') return [value.data]
  if (value.kind === 'evaluation') return known(value.judged?.data)
  if (value.kind === 'explanation') return known(value.pushes?.data)
  if (value.kind !== 'model') return []
  const { onnx, trees, network } = value
  return known(onnx, trees, network?.parameters, network?.statistics)
}

const known = (...hashes: readonly (Hash | undefined)[]) => hashes.filter((hash) => hash !== undefined)
