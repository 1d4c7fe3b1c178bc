import { z } from 'zod'
import { type Column, defineNode, type JsonValue, type Problem, problemsOf } from '#contract'
import { formatCount, formatInteger } from '#report/format-number'
import { imagesReport } from './report.ts'

const rejectedColumns: readonly Column[] = [
  { name: 'file', type: 'text', nullable: false },
  { name: 'reason', type: 'text', nullable: false },
]

const csv = { layout: ['csv'] }

const params = z.object({
  layout: z.enum(['folders', 'idx', 'csv']).default('folders').meta({
    title: 'Layout',
    description: 'A folder for each class, IDX files as of MNIST, or a CSV file of paths and labels.',
  }),
  path: z.string().default('').meta({
    title: 'Folder or file',
    description: 'The folder that holds the folders of the classes, the IDX file of the pictures, or the CSV file.',
    widget: 'file',
    placeholder: 'pictures',
  }),
  labels: z
    .string()
    .default('')
    .meta({
      title: 'Labels',
      description: 'The IDX file of the labels; without one labels are missing.',
      widget: 'file',
      when: { layout: ['idx'] },
    }),
  folder: z.string().default('').meta({
    title: 'Folder of the pictures',
    description:
      'Where the paths start; empty takes the CSV file’s own folder. Paths that lead out of it are rejected.',
    when: csv,
  }),
  pathColumn: z.string().default('').meta({
    title: 'Column of paths',
    description: 'Its name in the CSV file; empty takes the first.',
    when: csv,
  }),
  labelColumn: z.string().default('').meta({
    title: 'Column of labels',
    description: 'Its name in the CSV file; empty takes the second.',
    when: csv,
  }),
  width: z.int().min(0).max(1_024).default(0).meta({
    title: 'Width',
    description: 'Of all pictures in the table; 0 takes the first picture’s.',
    unit: 'pixels',
  }),
  height: z.int().min(0).max(1_024).default(0).meta({
    title: 'Height',
    description: 'Of all pictures in the table; 0 takes the first picture’s.',
    unit: 'pixels',
  }),
  color: z.enum(['auto', 'grey', 'color']).default('auto').meta({
    title: 'Color',
    description: 'Grey has one number a pixel, color three; auto takes what the first picture has.',
  }),
  fit: z.enum(['crop', 'pad', 'stretch']).default('crop').meta({
    title: 'Other proportions',
    description: 'Cut the middle out, put black edges around, or pull out of shape.',
  }),
  mostEach: z.int().min(0).max(10_000_000).default(0).meta({
    title: 'Most of a class',
    description: 'Reads only the first pictures of each class; 0 reads all.',
    unit: 'pictures',
    advanced: true,
  }),
})
type ImageParams = z.output<typeof params>

const trimmed = (folder: string) => folder.replace(/(?<=.)[\\/]+$/, '')

/** A folder's name in a pattern, where brackets would mean something else. */
const literal = (folder: string) => trimmed(folder).replace(/[[\]{}*?]/g, (letter) => `[${letter}]`)

/** The path as the reader takes it: for folders a pattern that names every file in them. */
const pathOf = ({ layout, path }: ImageParams) =>
  layout === 'folders' && path !== '' ? `${literal(path)}/*/**/*` : path

const optionsOf = ({ path, ...options }: ImageParams): Readonly<Record<string, JsonValue>> => ({
  ...options,
  root: trimmed(path),
  format: 'images',
})

/** The folder whose pictures a CSV file may name. */
function csvFolder({ path, folder }: ImageParams): string {
  if (folder !== '') return trimmed(folder)
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return end < 0 ? '.' : path.slice(0, end)
}

function sourcesOf(given: ImageParams): readonly string[] {
  const { layout, path, labels } = given
  if (path === '') return []
  if (layout === 'idx') return labels === '' ? [path] : [path, labels]
  return layout === 'folders'
    ? [pathOf(given)]
    : [path, `${literal(csvFolder(given))}/**/*.{png,jpg,jpeg,PNG,JPG,JPEG}`]
}

const noPath: Problem = {
  code: 'parameter-bad',
  message: 'No folder or file is chosen yet.',
  path: ['params', 'path'],
  fix: 'Choose a folder or file',
}

export default defineNode({
  type: 'data/read-images',
  version: 1,
  title: 'Read images',
  doc: `Reads pictures into a table, one a row, all in one size: for a neural network, or to look at what a data set holds. From a folder for each class (with whatever folders inside it), from IDX files as MNIST comes in (gzip or not), or from a CSV file that names files and labels.

PNG in all its kinds and JPEG, baseline and progressive, are decoded here; a picture is turned upright where the camera noted how it was held. Pictures are resized with a triangle filter that takes every pixel into account, as Pillow’s bilinear filter; grey is 0.299 red + 0.587 green + 0.114 blue; transparent places become white. A cell holds the bytes, and a model takes them as height × width × channels.

Each row also tells the picture’s own width and height and its mean brightness from 0 to 1, without black edges: classes that differ there may be told apart by the camera, not by what is seen. What can not be read leaves by the port **rejected** with its reason.`,
  keywords: ['pictures', 'photos', 'png', 'jpeg', 'jpg', 'mnist', 'idx', 'vision', 'load', 'import'],
  inputs: {},
  outputs: {
    table: { type: 'table', doc: 'The pictures with their labels, sizes and brightness.' },
    rejected: { type: 'table', doc: 'Files that could not be read, with the reason.' },
  },
  params,
  async infer({ params: given, context }) {
    if (given.path === '') return [noPath]
    try {
      const { columns } = await context.peek(pathOf(given), optionsOf(given))
      return { table: { columns }, rejected: { columns: rejectedColumns } }
    } catch (error) {
      return problemsOf(error)
    }
  },
  sources: sourcesOf,
  async run({ params: given, context }) {
    context.progress(0, 'reading')
    const { table, rejected } = await context.tables.ingest(pathOf(given), optionsOf(given))
    if (rejected.rows > 0) context.log(`${formatCount(rejected.rows, 'file')} could not be read`, 'warning')
    context.progress(1)
    return { table, rejected }
  },
  card({ outputs: { table, rejected } }) {
    const size = table.columns.find(({ image }) => image)?.image
    const lost = rejected.rows === 0 ? '' : ` · ${formatInteger(rejected.rows)} rejected`
    const text = `**${formatInteger(table.rows)}** pictures${size ? ` of ${size.width} × ${size.height}` : ''}${lost}`
    return rejected.rows === 0 ? { text } : { text, tone: 'stale' }
  },
  report: ({ outputs, context }) => imagesReport(outputs.table, outputs.rejected, context),
})
