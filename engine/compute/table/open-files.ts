import type { ParquetFile } from '../parquet/read-parquet.ts'

const mostOpen = 4

/** The tables looked at last stay open, since a wide one's footer takes longer to read than a page. */
export function createOpenFiles(openFile: (path: string) => ParquetFile) {
  const open = new Map<string, ParquetFile>()
  return {
    open(path: string): ParquetFile {
      const file = open.get(path) ?? openFile(path)
      open.delete(path)
      open.set(path, file)
      for (const [oldest, one] of open) {
        if (open.size <= mostOpen) break
        open.delete(oldest)
        one.close()
      }
      return file
    },
    close(): void {
      for (const file of open.values()) file.close()
      open.clear()
    },
  }
}
