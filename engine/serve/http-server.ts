import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerRows } from './answer-rows.ts'
import type { Answering } from './answering.ts'
import { createMetrics } from './metrics.ts'
import { modelMetadata } from './open-inference.ts'
import { openApi } from './openapi.ts'
import { type GivenOutcome, type OutcomeReceipt, parseOutcomes } from './parse-outcomes.ts'
import { caseAnswer, queueMetrics } from './queue/case-answer.ts'
import type { CaseDesk } from './queue/case-desk.ts'
import { type Body, readBody } from './read-body.ts'
import { json, type Reply, refusal } from './reply.ts'
import type { RequestLog } from './request-log.ts'

export interface ServerOptions {
  /** What answers now; asked anew for each request. */
  current(): Answering
  readonly port: number
  /** Address to listen at. */
  readonly host: string
  readonly log?: RequestLog
  /** Cases that wait for people, where there are any. */
  cases?(): CaseDesk | undefined
  /** Keeps what became of rows that were answered; where it is not given nothing can be told. */
  learn?(outcomes: readonly GivenOutcome[]): Promise<OutcomeReceipt>
}
export interface ModelServerHandle {
  readonly origin: string
  /** Takes no new requests, lets those under way end. */
  close(): Promise<void>
}

const graceMs = 5_000

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
    const current = options.current()
    const answering = path.includes('/versions/') ? (current.alone ?? current) : current
    const id = randomUUID()
    const route = routeOf(path, answering)
    const strange = refuseRequest(request, allowed)
    let body: Body = { text: '' }
    let reply: Reply
    if (strange) reply = strange
    else if (route === 'predict' || route === 'infer' || route === 'outcomes') {
      body = await readBody(request)
      if (request.method !== 'POST') reply = refusal(405, 'Use POST.')
      else if (body.text === undefined) reply = refusal(413, `The body is larger than ${body.limit} bytes.`)
      else if (route === 'outcomes') reply = await learn(body.text)
      else reply = await answerRows(answering, { route, text: body.text, query: url.slice(mark + 1), id })
    } else
      reply =
        request.method === 'GET' || request.method === 'HEAD' ? plain(answering, route, path) : refusal(405, 'Use GET.')
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
      model: answering.name,
      version: reply.version ?? answering.version,
      route,
      status,
      ms,
      rows: reply.rows ?? 0,
      fallback,
      request: body.text ?? '',
      response: reply.body,
      arm: reply.arm,
      rollout: reply.rollout,
    })
  }

  async function learn(text: string): Promise<Reply> {
    if (!options.learn) return refusal(404, 'This server keeps no outcomes.')
    try {
      const given = parseOutcomes(JSON.parse(text))
      return 'error' in given ? refusal(422, given.error) : json(200, await options.learn(given.outcomes))
    } catch (error) {
      if (error instanceof SyntaxError) return refusal(400, 'The body is not JSON.')
      console.error(error)
      return refusal(500, 'The outcomes could not be kept.')
    }
  }

  function plain(answering: Answering, route: Route, path: string): Reply {
    const { name, version, model, runner } = answering
    if (route === 'case') {
      const found = options.cases?.()?.find(name, path.slice(casesPath.length))
      return found ? json(200, caseAnswer(found)) : refusal(404, `${name} has no such case.`)
    }
    if (route === 'live') return json(200, { live: true })
    if (route === 'ready') return json(runner.ready ? 200 : 503, { ready: runner.ready })
    if (route === 'server') return json(200, { name: 'plumbline', version: model.engine, extensions: [] })
    if (route === 'metadata') return json(200, modelMetadata(name, version, model))
    if (route === 'openapi') return json(200, openApi(answering))
    if (route === 'metrics') {
      const { ready, restarts } = runner
      const type = 'text/plain; version=0.0.4; charset=utf-8'
      return {
        status: 200,
        body: `${metrics.text({ model: name, version, ready, restarts, arms: answering.arms?.() ?? [] })}${waiting(name)}`,
        type,
      }
    }
    return refusal(404, 'There is nothing here; /openapi.json says what there is.')
  }

  function waiting(name: string): string {
    const cases = options.cases?.()
    return cases ? queueMetrics(name, cases.counts(name)) : ''
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

type Route =
  | 'predict'
  | 'infer'
  | 'case'
  | 'outcomes'
  | 'metadata'
  | 'server'
  | 'live'
  | 'ready'
  | 'openapi'
  | 'metrics'
  | 'none'
const routes: Readonly<Record<string, Route>> = {
  '/v1/predict': 'predict',
  '/v1/outcomes': 'outcomes',
  '/v2': 'server',
  '/v2/': 'server',
  '/v2/health/live': 'live',
  '/v2/health/ready': 'ready',
  '/openapi.json': 'openapi',
  '/metrics': 'metrics',
}

const casesPath = '/v1/cases/'

function routeOf(path: string, { name, version }: Answering): Route {
  const fixed = routes[path]
  if (fixed) return fixed
  if (path.startsWith(casesPath)) return 'case'
  const found = /^\/v2\/models\/([^/]+)(?:\/versions\/(\d+))?(\/infer|\/ready)?$/.exec(path)
  if (!found || found[1] !== name || (found[2] && Number(found[2]) !== version)) return 'none'
  return found[3] === '/infer' ? 'infer' : found[3] === '/ready' ? 'ready' : 'metadata'
}
