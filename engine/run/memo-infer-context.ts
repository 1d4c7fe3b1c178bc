import type { InferContext, JsonValue } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { hashBytes } from '#store/hashing'
import { inferenceMemo, keepInferenceMemo } from '#store/memos'
import type { Store } from '#store/open-store'
import type { SourceCode } from './source-code.ts'
import type { SourceFiles } from './source-files.ts'

export type MemoInferContext = InferContext & { close(): Promise<void> }

/**
 * What nodes look at before a run, remembered by the content they looked at: a check of a pipeline that was checked
 * before starts no DuckDB.
 */
export function createMemoInferContext(a: {
  project: string
  store: Store
  sources: SourceFiles
  code: SourceCode
}): MemoInferContext {
  let opened: Promise<MemoInferContext> | undefined
  const real = () => {
    opened ??= import('#compute/context').then(({ createInferContext }) =>
      createInferContext({ project: a.project, temporary: a.store.temporary }),
    )
    return opened
  }
  const remember = async <T>(question: unknown, ask: (context: InferContext) => Promise<T>): Promise<T> => {
    const key = hashBytes(canonicalJson({ question, code: a.code.base }))
    const known = inferenceMemo(a.store.db, key)
    if (known !== undefined) return known as T
    const answer = await ask(await real())
    keepInferenceMemo(a.store.db, key, answer as JsonValue)
    return answer
  }
  return {
    async peek(path, options) {
      const files = await a.sources.read(path).catch(() => undefined)
      if (!files) return (await real()).peek(path, options)
      const content = files.map((file) => [file.path, file.hash])
      return remember({ peek: path, options, content }, (context) => context.peek(path, options))
    },
    describe: (sql, tables) => remember({ describe: sql, tables }, (context) => context.describe(sql, tables)),
    async close() {
      await (await opened)?.close()
    },
  }
}
