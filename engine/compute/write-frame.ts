import { rmSync } from 'node:fs'
import type { Column, Frame, Table } from '#contract'
import type { BlobFiles } from './blob-files.ts'
import { ParquetWriter, rowGroupRows } from './parquet/write-parquet.ts'
import { temporaryFile } from './temporary-file.ts'

/** A column's description without its cells. */
export function describeColumn({ name, type, nullable, role, image }: Column): Column {
  return { name, type, nullable, ...(role !== undefined && { role }), ...(image && { image }) }
}

/** Runs `fill` on a new file in the temporary folder and takes the file into the store; a failure leaves nothing behind. */
export async function writeTable(
  blobs: BlobFiles,
  temporary: string,
  columns: readonly Column[],
  fill: (writer: ParquetWriter) => void | Promise<void>,
): Promise<Table> {
  const file = temporaryFile(temporary, 'parquet')
  const writer = new ParquetWriter(file, columns)
  try {
    await fill(writer)
  } catch (error) {
    writer.abandon()
    rmSync(file, { force: true })
    throw error
  }
  writer.close()
  return { kind: 'table', rows: writer.rows, columns: columns.map(describeColumn), data: await blobs.adopt(file) }
}

/** Frame to Parquet: row groups of a fixed size, so that the same cells give the same bytes. */
export function writeFrame(
  blobs: BlobFiles,
  temporary: string,
  frame: Frame,
  betweenGroups: () => void = () => {},
): Promise<Table> {
  return writeTable(blobs, temporary, frame.columns, (writer) => {
    for (let from = 0; from < frame.rows; from += rowGroupRows) {
      betweenGroups()
      writer.writeGroup(frame, from, Math.min(frame.rows, from + rowGroupRows))
    }
  })
}
