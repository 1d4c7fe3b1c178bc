import { type Column, type ImageSize, type JsonValue, ProblemError, type Table } from '#contract'
import { brightness, fitPicture } from '#ml/image/fit-picture'
import { cellOfPixels } from '#ml/image/pixel-cells'
import { PictureError, type Raster } from '#ml/image/raster'
import { NumberBuilder, TextBuilder, takeFrame } from '../cell-builders.ts'
import type { IngestContext } from '../ingest-file.ts'
import { type ParquetWriter, rowGroupRows } from '../parquet/write-parquet.ts'
import { writeTable } from '../write-frame.ts'
import { type FoundPicture, foundPictures } from './found-pictures.ts'
import { type ImageOptions, imageOptions } from './image-options.ts'

type Options = Readonly<Record<string, JsonValue>>

const rejectedColumns: readonly Column[] = [
  { name: 'file', type: 'text', nullable: false },
  { name: 'reason', type: 'text', nullable: false },
]

/** Columns of pictures of a size. */
const columnsOf = (image: ImageSize): readonly Column[] => [
  { name: 'file', type: 'text', nullable: false, role: 'id' },
  { name: 'picture', type: 'image', nullable: false, image },
  { name: 'label', type: 'text', nullable: true, role: 'target' },
  { name: 'width', type: 'integer', nullable: false, role: 'label' },
  { name: 'height', type: 'integer', nullable: false, role: 'label' },
  { name: 'brightness', type: 'number', nullable: false, role: 'label' },
]

/** A picture of this many pixels a side is the largest that a table holds. */
const mostSide = 1_024

function sizeOf(options: ImageOptions, first: Raster | undefined): ImageSize {
  if (options.width > 0 && options.height > 0 && options.color !== 'auto')
    return { width: options.width, height: options.height, channels: options.color === 'grey' ? 1 : 3 }
  if (!first)
    throw new ProblemError({
      code: 'file-unreadable',
      message: 'No picture could be read, so their size is not known.',
      path: ['params', 'path'],
      fix: 'Choose a place with PNG or JPEG files, or set width, height and color',
    })
  const width = options.width || first.width
  const height = options.height || first.height
  if (Math.max(width, height) > mostSide)
    throw new ProblemError({
      code: 'parameter-bad',
      message: `Pictures of ${width} × ${height} pixels are larger than a network can take.`,
      path: ['params', 'width'],
      fix: `Set a width and height of ${mostSide} pixels at most`,
    })
  return {
    width,
    height,
    channels: options.color === 'auto' ? (first.channels === 1 ? 1 : 3) : options.color === 'grey' ? 1 : 3,
  }
}

/** The first picture that can be read; undefined where none can. */
function firstReadable(pictures: readonly FoundPicture[]): Raster | undefined {
  for (const picture of pictures) {
    const opened = tryOpen(picture)
    if (typeof opened !== 'string') return opened
  }
  return undefined
}

/** The picture, or why it can not be read. */
function tryOpen(picture: FoundPicture): Raster | string {
  try {
    return picture.open()
  } catch (error) {
    if (error instanceof PictureError) return error.message
    if (error instanceof Error && 'code' in error) return `the file can not be read: ${String(error.code)}`
    throw error
  }
}

/** Columns before a run. */
export async function peekImages(
  context: Pick<IngestContext, 'project'>,
  name: string,
  given: Options,
): Promise<{ readonly columns: readonly Column[] }> {
  const options = imageOptions(given)
  const known = options.width > 0 && options.height > 0 && options.color !== 'auto'
  if (known) return { columns: columnsOf(sizeOf(options, undefined)) }
  if (options.layout === 'csv')
    throw new ProblemError({
      code: 'parameter-bad',
      message: 'The size and color of pictures that a CSV file names have to be set.',
      path: ['params', 'width'],
      fix: 'Set width, height and color',
    })
  const pictures = await foundPictures(context, name, options)
  return { columns: columnsOf(sizeOf(options, firstReadable(pictures))) }
}

interface Sinks {
  readonly file: TextBuilder
  readonly picture: TextBuilder
  readonly label: TextBuilder
  readonly width: NumberBuilder
  readonly height: NumberBuilder
  readonly brightness: NumberBuilder
}

/** Text held before it is written. */
const groupBytes = 64 * 1_048_576

/** Reads pictures into a table, all in one size; those that can not be read become rows of a second one. */
export async function ingestImages(context: IngestContext, name: string, given: Options) {
  const options = imageOptions(given)
  const pictures = await foundPictures(context, name, options)
  const size = sizeOf(options, firstReadable(pictures))
  const columns = columnsOf(size)
  const { blobs, temporary } = context
  const rejects = [new TextBuilder(), new TextBuilder()] as const
  const table: Table = await writeTable(blobs, temporary, columns, (writer) =>
    readAll(context, writer, { pictures, size, columns, options, rejects }),
  )
  const rejected = await writeTable(blobs, temporary, rejectedColumns, (writer) => {
    if (rejects[0].length > 0) writer.writeGroup(takeFrame(rejectedColumns, rejects))
  })
  const reading: JsonValue = { format: 'images', layout: options.layout, size: { ...size }, found: pictures.length }
  return { table, rejected, reading }
}

interface Job {
  readonly pictures: readonly FoundPicture[]
  readonly size: ImageSize
  readonly columns: readonly Column[]
  readonly options: ImageOptions
  readonly rejects: readonly [TextBuilder, TextBuilder]
}

function readAll(
  context: IngestContext,
  writer: ParquetWriter,
  { pictures, size, columns, options, rejects }: Job,
): void {
  const sinks: Sinks = {
    file: new TextBuilder(),
    picture: new TextBuilder(),
    label: new TextBuilder(),
    width: new NumberBuilder(),
    height: new NumberBuilder(),
    brightness: new NumberBuilder(),
  }
  let held = 0
  const taken = new Map<string | null, number>()
  const flush = () => {
    if (sinks.file.length > 0) writer.writeGroup(takeFrame(columns, Object.values(sinks)))
    held = 0
  }
  for (const [at, picture] of pictures.entries()) {
    if (at % 64 === 0) context.onProgress?.(at / pictures.length)
    const before = taken.get(picture.label) ?? 0
    if (options.mostEach > 0 && before >= options.mostEach) continue
    context.throwIfCancelled()
    const opened = tryOpen(picture)
    if (typeof opened === 'string') {
      rejects[0].push(picture.file)
      rejects[1].push(opened)
      continue
    }
    taken.set(picture.label, before + 1)
    const pixels = fitPicture(opened, size, options.fit)
    const cell = cellOfPixels(pixels)
    sinks.file.push(picture.file)
    sinks.picture.push(cell)
    sinks.label.push(picture.label)
    sinks.width.push(opened.width)
    sinks.height.push(opened.height)
    // Black edges are no part of the picture.
    sinks.brightness.push(brightness(options.fit === 'pad' ? fitPicture(opened, size, 'stretch') : pixels))
    held += cell.length
    if (held > groupBytes || sinks.file.length === rowGroupRows) flush()
  }
  flush()
}
