import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMetrics } from './metrics.ts'
import { ModelAway } from './model-runner.ts'
import { inferResponse, modelMetadata, parseTensors, tensorRows } from './open-inference.ts'
import { openApi } from './openapi.ts'
import { type Body, readBody } from './read-body.ts'
import type { RequestLog } from './request-log.ts'
import type { Serving } from './serving.ts'

export interface ServerOptions {
  /** What answers now; asked anew for each request. */
  current(): Serving
  readonly port: number
  /** Address to listen at. */
  readonly host: string
  readonly log?: RequestLog
}
export interface ModelServerHandle {
  readonly origin: string
  /** Takes no new requests, lets those under way end. */
  close(): Promise<void>
}

interface Reply {
  readonly status: number
  readonly body: string
  readonly type?: string
  readonly fallback?: boolean
  readonly rows?: number
}

const mostRows = 10_000
const graceMs = 5_000
const json = (status: number, body: unknown, more: Partial<Reply> = {}): Reply => ({
  status,
  body: JSON.stringify(body),
  ...more,
})
const refusal = (status: number, error: string, more: object = {}): Reply => json(status, { error, ...more })

/** Serves a model over HTTP: /v1/predict, the Open Inference Protocol under /v2, /openapi.json and /metrics. */
export async function startHttpServer(options: ServerOptions): Promise<ModelServerHandle> {
  const metrics = createMetrics()
  const server = http.createServer({ keepAliveTimeout: 30_000, requestTimeout: 30_000, headersTimeout: 10_000 })
  const port = await listen(server, options)
  const allowed = allowedHosts(options.host, port)
  server.on('request', (request, response) => {
    const started = performance.now()
    handle(request, response, started).catch(() => response.destroy())
  })

  async function handle(request: http.IncomingMessage, response: http.ServerResponse, started: number) {
    const url = request.url ?? '/'
    const mark = url.indexOf('?')
    const path = mark < 0 ? url : url.slice(0, mark)
    const serving = options.current()
    const id = randomUUID()
    const route = routeOf(path, serving)
    const strange = refuseRequest(request, allowed)
    let body: Body = { text: '' }
    let reply: Reply
    if (strange) reply = strange
    else if (route === 'predict' || route === 'infer') {
      body = await readBody(request)
      if (request.method !== 'POST') reply = refusal(405, 'Use POST.')
      else if (body.text === undefined) reply = refusal(413, `The body is larger than ${body.limit} bytes.`)
      else reply = await answerRows(serving, route, body.text, id, url.slice(mark + 1))
    } else
      reply = request.method === 'GET' || request.method === 'HEAD' ? plain(serving, route) : refusal(405, 'Use GET.')
    const ms = performance.now() - started
    const { status, fallback = false } = reply
    response.writeHead(status, {
      'content-type': reply.type ?? 'application/json',
      'content-length': Buffer.byteLength(reply.body),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      ...(status === 413 || status === 421 ? { connection: 'close' } : {}),
    })
    response.end(request.method === 'HEAD' ? undefined : reply.body)
    metrics.count({ route, status, seconds: ms / 1_000, fallback })
    if (strange || (route !== 'predict' && route !== 'infer')) return
    options.log?.add({
      id,
      atMs: Date.now(),
      model: serving.name,
      version: serving.version,
      route,
      status,
      ms,
      rows: reply.rows ?? 0,
      fallback,
      request: body.text ?? '',
      response: reply.body,
    })
  }

  function plain(serving: Serving, route: Route): Reply {
    const { name, version, model, runner } = serving
    if (route === 'live') return json(200, { live: true })
    if (route === 'ready') return json(runner.ready ? 200 : 503, { ready: runner.ready })
    if (route === 'server') return json(200, { name: 'plumbline', version: model.engine, extensions: [] })
    if (route === 'metadata') return json(200, modelMetadata(name, version, model))
    if (route === 'openapi') return json(200, openApi(serving))
    if (route === 'metrics') {
      const { ready, restarts } = runner
      const type = 'text/plain; version=0.0.4; charset=utf-8'
      return { status: 200, body: metrics.text({ model: name, version, ready, restarts }), type }
    }
    return refusal(404, 'There is nothing here; /openapi.json says what there is.')
  }

  return {
    origin: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        const impatience = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(impatience)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

function listen(server: http.Server, { port, host }: ServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

/** Undefined where any name may stand for this machine: it listens to more than itself. */
function allowedHosts(host: string, port: number): ReadonlySet<string> | undefined {
  if (!/^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host)) return undefined
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, `${host}:${port}`])
}

/** Host against DNS rebinding; Origin and Sec-Fetch-Site against pages of a browser: no page may ask a model. */
function refuseRequest({ headers }: http.IncomingMessage, allowed: ReadonlySet<string> | undefined): Reply | undefined {
  if (allowed && !allowed.has(headers.host ?? '')) return refusal(421, 'This server answers to its own address only.')
  const site = headers['sec-fetch-site']
  if (headers.origin !== undefined || (site && site !== 'same-origin' && site !== 'none'))
    return refusal(403, 'Pages of a browser may not ask this server.')
  return undefined
}

type Route = 'predict' | 'infer' | 'metadata' | 'server' | 'live' | 'ready' | 'openapi' | 'metrics' | 'none'
const routes: Readonly<Record<string, Route>> = {
  '/v1/predict': 'predict',
  '/v2': 'server',
  '/v2/': 'server',
  '/v2/health/live': 'live',
  '/v2/health/ready': 'ready',
  '/openapi.json': 'openapi',
  '/metrics': 'metrics',
}

function routeOf(path: string, { name, version }: Serving): Route {
  const fixed = routes[path]
  if (fixed) return fixed
  const found = /^\/v2\/models\/([^/]+)(?:\/versions\/(\d+))?(\/infer|\/ready)?$/.exec(path)
  if (!found || found[1] !== name || (found[2] && Number(found[2]) !== version)) return 'none'
  return found[3] === '/infer' ? 'infer' : found[3] === '/ready' ? 'ready' : 'metadata'
}

async function answerRows(
  serving: Serving,
  route: 'predict' | 'infer',
  text: string,
  id: string,
  query: string,
): Promise<Reply> {
  let body: unknown
  try {
    body = route === 'infer' ? parseTensors(text) : JSON.parse(text)
  } catch {
    return refusal(400, 'The body is not JSON.')
  }
  const { name, version, model } = serving
  const asked = route === 'infer' ? tensorRows(body, model.features) : givenRows(body)
  if ('error' in asked) return refusal(400, asked.error)
  const { rows } = asked
  if (rows.length === 0 || rows.length > mostRows)
    return refusal(400, `A request has 1 to ${mostRows} rows, not ${rows.length}.`)
  const { feed, faults } = serving.read(rows)
  if (faults)
    return refusal(
      422,
      `${faults.length === 1 ? 'A value breaks' : `${faults.length} values break`} the schema of ${name}.`,
      { problems: faults },
    )
  try {
    const { predictions, fallback } = await serving.predict(feed)
    const more = { fallback, rows: rows.length }
    if (route === 'infer')
      return json(200, inferResponse({ name, version, id: asked.id ?? id, fallback }, model, predictions), more)
    const reasoned = /(^|&)reasons=1(&|$)/.test(query) ? await withReasons() : predictions
    return json(200, { model: name, version, request: id, fallback, predictions: reasoned }, more)

    async function withReasons() {
      if (fallback) return predictions.map((one) => ({ ...one, reasonsNotAvailable: 'The fallback rule answered.' }))
      const explained = await serving.explain(feed!, predictions)
      return predictions.map((one, row) => ({ ...one, ...explained[row] }))
    }
  } catch (error) {
    if (error instanceof ModelAway) return refusal(503, `The model does not answer, and ${name} has no fallback rule.`)
    console.error(error)
    return refusal(500, 'The model failed on these rows.')
  }
}

function givenRows(
  body: unknown,
): { readonly rows: readonly unknown[]; readonly id?: string } | { readonly error: string } {
  const rows = (body as { rows?: unknown } | null)?.rows
  return Array.isArray(rows) ? { rows } : { error: 'The body has no list "rows": {"rows": [{"column": value}]}.' }
}
