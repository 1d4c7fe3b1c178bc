import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, JsonValue, Model, Problem, Table } from '#contract'
import { cellText, columnOf, splitRows, takeRows } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { pixelsOfCell } from '#ml/image/pixel-cells'
import network from '../../train/neural-network/node.ts'
import node from './node.ts'

let scratch: Scratch
beforeAll(async () => {
  scratch = await openScratch()
  cpSync(path.join(import.meta.dirname, 'pictures'), path.join(scratch.folder, 'pictures'), { recursive: true })
})
afterAll(() => scratch.close())

type Params = Readonly<Record<string, JsonValue>>

async function read(params: Params) {
  const { inferred, outputs, card, blocks } = await runNode(scratch, node as AnyNode, {}, params)
  const [table, rejected] = [outputs['table'] as Table, outputs['rejected'] as Table]
  expect(inferred).toEqual({ table: { columns: table.columns }, rejected: { columns: rejected.columns } })
  const [frame, lost] = [await scratch.context.tables.read(table), await scratch.context.tables.read(rejected)]
  const texts = (name: string, of = frame) =>
    Array.from({ length: of.rows }, (_, row) => cellText(columnOf(of, name), row))
  const pixels = (row: number) =>
    pixelsOfCell(cellText(columnOf(frame, 'picture'), row)!, columnOf(frame, 'picture').image!, 'picture')
  return { table, frame, card, blocks, texts, pixels, lost: (name: string) => texts(name, lost) }
}

test('folders: labels from their names, pictures in one size, other files rejected', async () => {
  const { table, texts, pixels, lost, card, blocks } = await read({ path: 'pictures' })
  expect(table.rows).toBe(8)
  expect(table.columns[1]).toMatchObject({ type: 'image', image: { width: 16, height: 16, channels: 3 } })
  expect(texts('file')).toEqual(
    ['disc', 'frame'].flatMap((kind) => ['0.png', '1.png', '2.png', '3.jpg'].map((name) => `${kind}/${name}`)),
  )
  expect(texts('label')).toEqual([...Array(4).fill('disc'), ...Array(4).fill('frame')])
  expect(texts('width')).toEqual(['16', '16', '20', '16', '16', '16', '20', '16'])
  expect([lost('file'), lost('reason')]).toEqual([['frame/note.txt'], ['it is neither a PNG nor a JPEG file']])
  // The middle of a disc is yellow, its corner dark; a frame is dark in the middle.
  const at = (row: number, y: number, x: number) => [...pixels(row).slice((y * 16 + x) * 3, (y * 16 + x) * 3 + 3)]
  for (const row of [0, 3]) {
    expect(at(row, 8, 8)[0]!).toBeGreaterThan(180)
    expect(at(row, 8, 8)[2]!).toBeLessThan(110)
    expect(Math.max(...at(row, 0, 0))).toBeLessThan(100)
    expect(Math.max(...at(row + 4, 8, 8))).toBeLessThan(110)
  }
  expect(card).toEqual({ text: '**8** pictures of 16 × 16 · 1 rejected', tone: 'stale' })
  expect(JSON.stringify(blocks)).toContain('"disc",4')
})

test('grey, another size, the first of each class only', async () => {
  const { table, pixels } = await read({
    path: 'pictures/',
    width: 6,
    height: 4,
    color: 'grey',
    fit: 'pad',
    mostEach: 2,
  })
  expect(table.rows).toBe(4)
  // Four rows of six pixels: a square stands in the middle, black beside it.
  expect([...pixels(0)].filter((_, at) => at % 6 === 0)).toEqual([0, 0, 0, 0])
  expect(pixels(0)).toHaveLength(24)
})

test('a CSV file of paths; those that are not there or lie elsewhere are rejected', async () => {
  const params = { layout: 'csv', path: 'pictures/list.csv', width: 8, height: 8, color: 'color' }
  const { texts, lost } = await read(params)
  expect([texts('file'), texts('label')]).toEqual([
    ['disc/0.png', 'frame/1.png'],
    ['disc', 'frame'],
  ])
  expect(lost('reason')).toEqual(['the file is not there', 'it lies outside the folder'])
  const named = await read({ ...params, folder: 'pictures', pathColumn: 'file', labelColumn: 'what' })
  expect(named.table.data).toBeTruthy()
})

test('folders of any depth and name; what systems leave there is no picture, other kinds are called by their name', async () => {
  const folder = path.join(scratch.folder, 'Größe [1]', 'ähnlich', 'deep', 'er')
  mkdirSync(folder, { recursive: true })
  cpSync(path.join(scratch.folder, 'pictures/disc/2.png'), path.join(folder, 'ü 1.png'))
  for (const name of ['.DS_Store', 'Thumbs.db']) writeFileSync(path.join(folder, name), 'x')
  writeFileSync(path.join(folder, 'moving.gif'), 'GIF89a…')
  writeFileSync(path.join(folder, 'none.png'), '')
  writeFileSync(path.join(folder, 'half.png'), readFileSync(path.join(folder, 'ü 1.png')).subarray(0, 90))
  const { texts, lost, table } = await read({ path: 'Größe [1]' })
  expect([table.rows, texts('file'), texts('label')]).toEqual([1, ['ähnlich/deep/er/ü 1.png'], ['ähnlich']])
  expect(lost('reason')).toEqual(['it ends too early', 'it is GIF, neither a PNG nor a JPEG file', 'the file is empty'])
  expect(scratch.progress.length).toBeGreaterThan(0)
})

test('black edges are not dark, and the report tells brightness and sizes', async () => {
  const cut = await read({ path: 'pictures', width: 8, height: 8, fit: 'stretch' })
  const edged = await read({ path: 'pictures', width: 8, height: 24, fit: 'pad' })
  cut.texts('brightness').forEach((bright, row) => {
    expect(Number(edged.texts('brightness')[row])).toBeCloseTo(Number(bright), 1)
  })
  const titles = edged.blocks.flatMap((block) => ('title' in block ? [block.title] : []))
  expect(titles).toEqual([
    'All pictures',
    'Classes',
    'Brightness',
    'Sizes before they were brought to one',
    'Files that could not be read',
  ])
})

test('IDX files, packed or not; labels that do not fit are a problem', async () => {
  const header = (kind: number, ...lengths: number[]) => [0, 0, 8, kind, ...lengths.flatMap((n) => [0, 0, 0, n])]
  writeFileSync(path.join(scratch.folder, 'p.gz'), gzipSync(Uint8Array.from([...header(3, 2, 1, 2), 1, 2, 3, 255])))
  writeFileSync(path.join(scratch.folder, 'l'), Uint8Array.from([...header(1, 2), 7, 0]))
  writeFileSync(path.join(scratch.folder, 'l3'), Uint8Array.from([...header(1, 3), 7, 0, 1]))
  const { texts, pixels, table } = await read({ layout: 'idx', path: 'p.gz', labels: 'l' })
  expect([texts('label'), [...pixels(0)], [...pixels(1)]]).toEqual([
    ['7', '0'],
    [1, 2],
    [3, 255],
  ])
  expect(table.columns[1]!.image).toEqual({ width: 2, height: 1, channels: 1 })
  expect((await read({ layout: 'idx', path: 'p.gz' })).texts('label')).toEqual([null, null])
  await expect(read({ layout: 'idx', path: 'p.gz', labels: 'l3' })).rejects.toMatchObject({ code: 'file-format' })
  await expect(read({ layout: 'idx', path: 'pictures/list.csv' })).rejects.toMatchObject({ code: 'file-format' })
})

test('what is not there, or not known, is told before a run', async () => {
  const infer = async (params: Params) =>
    (await node.infer({ inputs: {}, params: node.params.parse(params), context: scratch.infer })) as Problem[]
  expect((await infer({}))[0]).toMatchObject({ code: 'parameter-bad', path: ['params', 'path'] })
  expect((await infer({ path: 'gone' }))[0]).toMatchObject({
    code: 'file-unreadable',
    message: 'The folder gone is not there.',
  })
  expect((await infer({ path: 'pictures/list.csv' }))[0]!.message).toBe('pictures/list.csv is a file, not a folder.')
  expect((await infer({ path: 'pictures/disc' }))[0]!.fix).toMatch(/^Put the pictures of each class/)
  expect((await infer({ path: 'pictures/list.csv', layout: 'csv' }))[0]).toMatchObject({ path: ['params', 'width'] })
})

test('the files that are read are the node’s sources', () => {
  const sources = (params: Params) => node.sources!(node.params.parse(params))
  expect(sources({})).toEqual([])
  expect(sources({ path: 'a/b/' })).toEqual(['a/b/*/**/*'])
  expect(sources({ path: 'a [b]/' })).toEqual(['a [[]b[]]/*/**/*'])
  expect(sources({ path: 'x.gz', layout: 'idx', labels: 'y.gz' })).toEqual(['x.gz', 'y.gz'])
  expect(sources({ path: 'a/l.csv', layout: 'csv' })[1]).toBe('a/**/*.{png,jpg,jpeg,PNG,JPG,JPEG}')
})

const mnist = new URL('../../../../shared/data/mnist_t10k/', import.meta.url)

test.skipIf(!existsSync(mnist))(
  'MNIST: a small network of convolutions is right about 0.97 of new digits',
  async () => {
    const name = (part: string) => path.relative(scratch.folder, fileURLToPath(new URL(part, mnist)))
    const { frame } = await read({
      layout: 'idx',
      path: name('t10k-images-idx3-ubyte.gz'),
      labels: name('t10k-labels-idx1-ubyte.gz'),
    })
    expect(frame.rows).toBe(10_000)
    const parts = Array.from({ length: frame.rows }, (_, row) =>
      row % 10 === 0 ? 'test' : row % 10 === 1 ? 'validation' : 'train',
    )
    const divided = frameOf(...frame.columns, columnFrom('part', 'text', parts, { role: 'split' }))
    const table = await scratch.context.tables.write(divided)
    const { outputs } = await runNode(scratch, network as AnyNode, { table }, { epochs: 2, batch: 32 })
    const model = outputs['model'] as Model
    const rows = takeRows(divided, splitRows(divided, 'test'))
    const { values } = await scratch.context.models.score(model, rows)
    const said = (row: number) => {
      const scores = values.slice(row * 10, row * 10 + 10)
      return model.classes![scores.indexOf(Math.max(...scores))]
    }
    let right = 0
    for (let row = 0; row < rows.rows; row++) if (said(row) === cellText(columnOf(rows, 'label'), row)) right++
    expect(right / rows.rows).toBeGreaterThanOrEqual(0.97)
  },
  120_000,
)
