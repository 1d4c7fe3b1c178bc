import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import type { PipelineDocument } from '#contract'
import { portAddress } from '#graph/adjacency'

export interface PlainFlow {
  address(document: PipelineDocument): string
  close(): void
}

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** Builds the plain page once and serves it with whatever graph is asked for next. */
export async function servePlainFlow(folder: string): Promise<PlainFlow> {
  const { build } = await import('vite')
  const out = path.join(folder, 'plain')
  await build({
    root: path.join(import.meta.dirname, 'plain'),
    configFile: false,
    base: './',
    logLevel: 'error',
    build: { outDir: out, target: 'esnext' },
  })
  let graph = ''
  const server: Server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://x').pathname
    const file = name === '/' ? '/index.html' : name
    if (file === '/graph.json') return void response.setHeader('content-type', 'application/json').end(graph)
    // browsers ask for an icon of their own accord
    if (!existsSync(path.join(out, file))) return void response.writeHead(404).end()
    response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream')
    response.end(readFileSync(path.join(out, file)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    address(document) {
      graph = JSON.stringify({
        nodes: Object.keys(document.nodes).map((id) => ({
          id,
          position: { x: document.layout[id]![0], y: document.layout[id]![1] },
          data: { label: document.nodes[id]!.type },
        })),
        edges: document.edges.map(({ from, to }) => ({
          id: `${from}-${to}`,
          source: portAddress(from).node,
          target: portAddress(to).node,
        })),
      })
      return `http://127.0.0.1:${port}/`
    },
    close: () => server.close(),
  }
}
