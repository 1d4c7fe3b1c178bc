import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { inflateSync } from 'node:zlib'
import { type Frame, ProblemError } from '#contract'
import { cellText } from '#ml/frame'
import { decodeJpeg, isJpeg } from '#ml/image/decode-jpeg'
import { decodePng, isPng } from '#ml/image/decode-png'
import { otherPictureKind } from '#ml/image/picture-kinds'
import { checkSize, mostPixels, PictureError, type Raster } from '#ml/image/raster'
import { compareCodeUnits } from '../cell-builders.ts'
import type { IngestContext } from '../ingest-file.ts'
import { ingestDelimited } from '../read/ingest-delimited.ts'
import { readOptions } from '../read/reading.ts'
import { resolveFiles } from '../read/resolve-files.ts'
import { readFrame } from '../read-frame.ts'
import type { ImageOptions } from './image-options.ts'
import { readIdx } from './read-idx.ts'

/** A picture that was found; `open` decodes it or throws PictureError. */
export interface FoundPicture {
  /** As the table names it. */
  readonly file: string
  readonly label: string | null
  open(): Raster
}

type Reach = Pick<IngestContext, 'project'> &
  Partial<Pick<IngestContext, 'blobs' | 'temporary' | 'throwIfCancelled' | 'session'>>

const mostFileBytes = 512 * 1_048_576

function openFile(file: string): Raster {
  if (!existsSync(file)) throw new PictureError('the file is not there')
  const { size } = statSync(file)
  if (size > mostFileBytes) throw new PictureError('the file is larger than 512 MB')
  const bytes = new Uint8Array(readFileSync(file))
  // Enough for the largest picture; a bomb ends here.
  const inflate = (packed: Uint8Array) => new Uint8Array(inflateSync(packed, { maxOutputLength: 9 * mostPixels }))
  if (isPng(bytes)) return decodePng(bytes, inflate)
  if (isJpeg(bytes)) return decodeJpeg(bytes)
  if (size === 0) throw new PictureError('the file is empty')
  const kind = otherPictureKind(bytes)
  throw new PictureError(`it is ${kind ? `${kind}, ` : ''}neither a PNG nor a JPEG file`)
}

/** The pictures of a layout in a fixed order; all are known before the first is opened. */
export async function foundPictures(
  context: Reach,
  name: string,
  options: ImageOptions,
): Promise<readonly FoundPicture[]> {
  if (options.layout === 'idx') return idxPictures(context.project, name, options.labels)
  if (options.layout === 'csv') return csvPictures(context as IngestContext, name, options)
  return folderPictures(context.project, name, options.root)
}

/** Files that systems leave in folders of pictures, which nobody put there. */
const leftBehind = /^(?:\.|Thumbs\.db$|desktop\.ini$)/i

/** Of each file in the folders of the classes, and in folders inside them, the class is the outermost folder. */
function folderPictures(project: string, pattern: string, root: string): readonly FoundPicture[] {
  const base = path.resolve(project, root)
  if (!statSync(base, { throwIfNoEntry: false })?.isDirectory())
    throw new ProblemError({
      code: 'file-unreadable',
      message: existsSync(base) ? `${root} is a file, not a folder.` : `The folder ${root} is not there.`,
      path: ['params', 'path'],
      fix: existsSync(base) ? 'Choose the folder, or the layout that fits the file' : 'Choose a folder that is there',
    })
  const files = globSync(pattern.replaceAll('\\', '/'), { cwd: project })
    .map((match) => path.resolve(project, match))
    .filter((file) => !leftBehind.test(path.basename(file)) && statSync(file).isFile())
    .sort(compareCodeUnits)
  if (files.length === 0)
    throw new ProblemError({
      code: 'file-unreadable',
      message: `${root} holds no folders with files in them.`,
      path: ['params', 'path'],
      fix: 'Put the pictures of each class into a folder of its own there, or choose another layout',
    })
  return files.map((full) => {
    const file = path.relative(base, full).split(path.sep).join('/')
    return { file, label: file.slice(0, file.indexOf('/')), open: () => openFile(full) }
  })
}

function idxPictures(project: string, name: string, labelsName: string): readonly FoundPicture[] {
  const { shape, values } = readIdx(project, name, 'path')
  const [count = 0, height = 0, width = 0, channels = 1] = shape
  if (shape.length < 3 || shape.length > 4 || (channels !== 1 && channels !== 3))
    throw new ProblemError({
      code: 'file-format',
      message: `${name} holds numbers in ${shape.length} dimensions, which are no pictures.`,
      path: ['params', 'path'],
      fix: 'Choose the IDX file of the pictures',
    })
  const labels = labelsName === '' ? undefined : readIdx(project, labelsName, 'labels')
  if (labels && labels.shape[0] !== count)
    throw new ProblemError({
      code: 'file-format',
      message: `${labelsName} has ${labels.shape[0]} labels for ${count} pictures.`,
      path: ['params', 'labels'],
      fix: 'Choose the labels of the same pictures',
    })
  const each = width * height * channels
  return Array.from({ length: count }, (_, index) => ({
    file: String(index),
    label: labels ? String(labels.values[index]) : null,
    open() {
      checkSize(width, height)
      return { width, height, channels, pixels: values.subarray(index * each, (index + 1) * each) }
    },
  }))
}

/** Names whose files belong to the step's key; see the node's sources. */
const pictureName = /\.(?:png|jpg|jpeg|PNG|JPG|JPEG)$/

async function csvPictures(
  context: IngestContext,
  name: string,
  options: ImageOptions,
): Promise<readonly FoundPicture[]> {
  const files = resolveFiles(context.project, name)
  const { table } = await ingestDelimited(context, files, readOptions({}))
  const frame = await readFrame(context.blobs, table, undefined, context.throwIfCancelled)
  const paths = namedColumn(frame, options.pathColumn, 0, 'pathColumn')
  const labels =
    frame.columns.length > 1 || options.labelColumn !== ''
      ? namedColumn(frame, options.labelColumn, 1, 'labelColumn')
      : undefined
  const base = path.resolve(context.project, options.folder === '' ? path.dirname(files[0]!.path) : options.folder)
  return Array.from({ length: frame.rows }, (_, row) => {
    const file = cellText(paths, row) ?? ''
    const full = path.resolve(base, file)
    // Only files in the folder belong to the step's key.
    const outside = path.relative(base, full).startsWith('..')
    const named = pictureName.test(file)
    return {
      file,
      label: labels ? cellText(labels, row) : null,
      open() {
        if (file === '' || outside)
          throw new PictureError(file === '' ? 'the path is empty' : 'it lies outside the folder')
        if (!named) throw new PictureError('its name does not end in .png, .jpg or .jpeg')
        return openFile(full)
      },
    }
  })
}

function namedColumn(frame: Frame, name: string, place: number, parameter: string) {
  const column = name === '' ? frame.columns[place] : frame.columns.find((one) => one.name === name)
  if (column) return column
  throw new ProblemError({
    code: 'column-unknown',
    message: `The CSV file has no column ${name === '' ? place + 1 : name}.`,
    path: ['params', parameter],
    fix: `Choose one of ${frame.columns.map((one) => one.name).join(', ')}`,
  })
}
