import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ensureProgram } from '../../scripts/build.mjs'
import { type Measured, measureCommand, median } from '../measure-command.ts'

const root = path.resolve(import.meta.dirname, '../..')
const node = [process.execPath, path.join(root, 'bin/plumbline.mjs')]
export const rounds = 5
const weighings = 3

export function python(): string {
  const binary = path.join(root, 'bench/parity/.venv-core/bin/python')
  if (!existsSync(binary))
    throw new Error('The Python peers are missing: run "npm run parity" once, which installs them.')
  return binary
}

/** A project of its own, so that the clone's cache is neither used nor touched. */
function freshProject(pipeline: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-bench-'))
  for (const file of ['plumbline.json', pipeline, 'loans.csv'])
    cpSync(path.join(root, 'examples', file), path.join(folder, file))
  return folder
}

/** Runs with only their times looked at, and others with their memory. */
interface Rounds {
  readonly timed: Measured[]
  readonly weighed: Measured[]
}
const noRounds = (): Rounds => ({ timed: [], weighed: [] })

const figures = ({ timed, weighed }: Rounds) => ({
  wall: median(timed.map((run) => run.wallMs)),
  cpu: median(timed.map((run) => run.cpuMs)),
  peak: median(weighed.map((run) => run.peakBytes)),
})

function row(label: string, runs: Rounds, against?: Rounds): string {
  const own = figures(runs)
  const cells = [`${own.wall.toFixed(0)} ms`, `${own.cpu.toFixed(0)} ms`, `${(own.peak / 2 ** 20).toFixed(0)} MB`]
  if (against) {
    const peer = figures(against)
    cells.push((own.wall / peer.wall).toFixed(2), (own.cpu / peer.cpu).toFixed(2), (own.peak / peer.peak).toFixed(2))
  }
  return `| ${label} | ${cells.join(' | ')} |`
}

export async function ownRun(folder: string, file: string, options?: { memory: boolean }): Promise<Measured> {
  const run = await measureCommand([...node, 'run', path.join(folder, file)], folder, options)
  if (run.code !== 0 && run.code !== 3) throw new Error(`The pipeline ended with ${run.code}:\n${run.output}`)
  return run
}

/** An example, cold and cached, in turn with a Python script that does the same work, where its packages are to be had; prints the table. */
export async function againstPython(title: string, pipeline: string, command?: readonly string[]): Promise<void> {
  await ensureProgram()
  const peerCommand = command?.map((word) => path.resolve(root, word))
  const [cold, cached, peer] = [noRounds(), noRounds(), noRounds()]
  const first = peerCommand && (await measureCommand(peerCommand, root))
  if (first && first.code !== 0) throw new Error(`The Python script ended with ${first.code}:\n${first.output}`)
  for (let round = 0; round < rounds + weighings; round++) {
    const memory = round >= rounds
    const kind = memory ? 'weighed' : 'timed'
    const folder = freshProject(pipeline)
    cold[kind].push(await ownRun(folder, pipeline, { memory }))
    if (peerCommand) peer[kind].push(await measureCommand(peerCommand, root, { memory }))
    cached[kind].push(await ownRun(folder, pipeline, { memory }))
    rmSync(folder, { recursive: true, force: true })
  }
  console.log(`\n${title}, ${rounds} alternating rounds, medians; ratios are ours / Python\n`)
  console.log(
    '| | wall | CPU | peak memory | wall ratio | CPU ratio | memory ratio |\n| --- | --- | --- | --- | --- | --- | --- |',
  )
  const against = peerCommand && peer
  console.log(against ? row('Python script', peer) : '| Python script | peer absent |')
  console.log(row('Plumbline, cold', cold, against))
  console.log(row('Plumbline, cached', cached, against))
}
