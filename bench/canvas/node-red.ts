import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import type { PipelineDocument } from '#contract'
import { portAddress } from '#graph/adjacency'

/** Node-RED's editor on a graph, until it is closed. */
export interface NodeRed {
  readonly address: string
  close(): Promise<void>
}

const peers = path.join(import.meta.dirname, 'peers')
const program = path.join(peers, 'node_modules', 'node-red', 'red.js')
const startMs = 60_000
/** Its cards are smaller, and its workspace is 8,000 pixels wide and tall: ours stand this much closer there. */
const closer = { x: 0.56, y: 0.5 }
const workspace = { width: 8_000, height: 7_000 }
/** Width and height of one copy of the benchmark's little pipeline. */
const copy = { width: 1_500, height: 330 }

/** Installs the version that `peers/package.json` pins, once; false where npm can't. */
export function installNodeRed(): boolean {
  const wanted = JSON.parse(readFileSync(path.join(peers, 'package.json'), 'utf8')).dependencies['node-red'] as string
  const installed = path.join(path.dirname(program), 'package.json')
  if (existsSync(installed) && JSON.parse(readFileSync(installed, 'utf8')).version === wanted) return true
  console.log(`Installing Node-RED ${wanted} …`)
  const words = ['install', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status } = spawnSync(npm, words, { cwd: peers, stdio: 'inherit', shell: process.platform === 'win32' })
  return status === 0
}

/** Node-RED with a graph's nodes as `inject` where nothing comes in and as `function` elsewhere, and the same wires. */
export async function startNodeRed(folder: string, document: PipelineDocument): Promise<NodeRed> {
  const user = path.join(folder, `node-red-${Object.keys(document.nodes).length}`)
  mkdirSync(user, { recursive: true })
  writeFileSync(path.join(user, 'flows.json'), JSON.stringify(flowsOf(document)))
  const port = await freePort()
  const settings = path.join(user, 'settings.cjs')
  writeFileSync(settings, `module.exports = ${JSON.stringify(settingsOf(port))}`)
  const child = spawn(process.execPath, [program, '--userDir', user, '--settings', settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await said(child, 'Server now running')
  return {
    address: `http://127.0.0.1:${port}/`,
    async close() {
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}

const settingsOf = (port: number) => ({
  uiPort: port,
  uiHost: '127.0.0.1',
  flowFile: 'flows.json',
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { autoInstall: false, palette: { allowInstall: false } },
  editorTheme: { tours: false, projects: { enabled: false } },
})

function flowsOf(document: PipelineDocument) {
  const place = places(document)
  const wired = new Set(document.edges.map(({ to }) => portAddress(to).node))
  const targets = Map.groupBy(document.edges, ({ from }) => portAddress(from).node)
  const nodes = Object.keys(document.nodes).map((id) => {
    const wires = [(targets.get(id) ?? []).map(({ to }) => portAddress(to).node)]
    const common = { id, z: 'tab', name: document.nodes[id]!.type, ...place(id), wires }
    return wired.has(id)
      ? { ...common, type: 'function', func: 'return msg', outputs: 1 }
      : { ...common, type: 'inject', props: [], repeat: '', once: false }
  })
  return [{ id: 'tab', type: 'tab', label: document.name }, ...nodes]
}

/** The copies of the little pipeline about the middle of the workspace, as square as they go. */
function places({ layout }: PipelineDocument): (id: string) => { readonly x: number; readonly y: number } {
  const numberOf = (id: string) => Number(id.slice(id.lastIndexOf('-') + 1))
  const copies = Math.max(...Object.keys(layout).map(numberOf))
  const [wide, tall] = [copy.width * closer.x, copy.height * closer.y]
  const across = Math.min(
    Math.floor(workspace.width / wide),
    Math.max(1, Math.round(Math.sqrt((copies * tall) / wide))),
  )
  const left = (workspace.width - across * wide) / 2 + 80
  const top = Math.max(0, (workspace.height - Math.ceil(copies / across) * tall) / 2) + 40
  return (id) => {
    const [x, y] = layout[id]!
    const at = numberOf(id) - 1
    return {
      x: left + wide * (at % across) + (x % copy.width) * closer.x,
      y: top + tall * Math.floor(at / across) + (y % copy.height) * closer.y,
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

function said(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let all = ''
    const late = setTimeout(() => reject(new Error(`Node-RED did not start:\n${all}`)), startMs)
    child.stdout!.on('data', (chunk) => {
      all += chunk
      if (!all.includes(words)) return
      clearTimeout(late)
      resolve()
    })
    child.once('exit', (code) => reject(new Error(`Node-RED ended with ${code}:\n${all}`)))
  })
}
