import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { closeCodes, enginePath, sessionPath } from '#contract'
import { type Loopback, startLoopback } from './loopback.ts'

let folder = ''
let loopback: Loopback
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-loopback-'))
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>Plumbline</title>')
  loopback = await startLoopback({ renderer: folder, project: folder, file: 'sub/ä b.plumb.json' })
})
afterAll(async () => {
  await loopback.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}
function request(wanted: string, options: http.RequestOptions & { body?: string } = {}): Promise<Answer> {
  const { hostname, port } = new URL(loopback.origin)
  return new Promise((resolve, reject) => {
    const sent = http.request({ hostname, port, path: wanted, ...options }, (response) => {
      let body = ''
      response.on('data', (chunk) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
    })
    sent.on('error', reject)
    sent.end(options.body)
  })
}
const code = () => new URLSearchParams(new URL(loopback.newAddress()).hash.slice(1)).get('code')!
const postCode = (body: string, headers: Record<string, string> = { origin: loopback.origin }) =>
  request(sessionPath, { method: 'POST', headers, body })

/** How the host ends a socket that says `hello` first: the HTTP status of a refused upgrade, else the close code. */
function socketEnd(hello: string | Uint8Array, headers: Record<string, string>, wanted = enginePath): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${loopback.origin.replace('http', 'ws')}${wanted}`, { headers })
    socket.on('open', () => socket.send(hello))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode!))
    socket.on('close', (status) => resolve(status))
    socket.on('error', () => {})
  })
}

describe('the address', () => {
  test('is on 127.0.0.1, names the file and carries the code where no server sees it', () => {
    const address = new URL(loopback.newAddress())
    expect(address.hostname).toBe('127.0.0.1')
    expect(address.searchParams.get('file')).toBe('sub/ä b.plumb.json')
    expect(address.pathname + address.search).not.toContain(code())
    expect(loopback.newAddress()).not.toBe(loopback.newAddress())
  })
})

describe('the page', () => {
  test('comes with every protecting header', async () => {
    const { status, headers } = await request('/')
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['set-cookie']).toBeUndefined()
  })

  test('has a policy that lets in no other origin, no eval and no inline script', async () => {
    const policy = String((await request('/')).headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe-eval')
    const origins = policy.match(/[a-z]+:\/\/[^\s;]+/g)
    expect(origins).toEqual([loopback.origin.replace('http', 'ws')])
  })

  test('is refused under another host name, to another origin and to a cross-site request', async () => {
    const { port } = new URL(loopback.origin)
    for (const host of ['evil.example', `localhost:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) + 1}`])
      expect((await request('/', { headers: { host } })).status).toBe(421)
    for (const origin of ['http://evil.example', 'null', `http://localhost:${port}`, `${loopback.origin}0`])
      expect((await request('/', { headers: { origin } })).status).toBe(403)
    for (const site of ['cross-site', 'same-site'])
      expect((await request('/', { headers: { 'sec-fetch-site': site } })).status).toBe(403)
  })

  test('is read only, and nothing outside its folder is served', async () => {
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const { status } = await request('/', { method, headers: { origin: loopback.origin } })
      expect(status).toBe(405)
    }
    for (const wanted of ['/../package.json', '/..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd'])
      expect([403, 404]).toContain((await request(wanted)).status)
    expect((await request('/', { method: 'HEAD' })).body).toBe('')
  })
})

describe('the token', () => {
  test('is given for a code, once', async () => {
    const body = JSON.stringify({ code: code() })
    const first = await postCode(body)
    expect(first.status).toBe(200)
    expect(JSON.parse(first.body).token).toMatch(/^[\w-]{43}$/)
    expect((await postCode(body)).status).toBe(401)
  })

  test('is given to nobody without a code, from another origin or from none', async () => {
    for (const body of ['', '{', 'null', '{}', '{"code":null}', '{"code":"x"}', JSON.stringify({ code: [code()] })])
      expect((await postCode(body)).status).toBe(401)
    const right = JSON.stringify({ code: code() })
    expect((await postCode(right, {})).status).toBe(403)
    expect((await postCode(right, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await postCode(right)).status).toBe(200)
    expect((await request(sessionPath)).status).toBe(405)
  })

  test('a body that is too long ends the request', async () => {
    const long = postCode('x'.repeat(100_000)).then((answer) => answer.status)
    expect(await long.catch(() => 401)).toBe(401)
  })
})

describe('the engine', () => {
  test('is not reached from another origin, host or path', async () => {
    const hello = '{}'
    expect(await socketEnd(hello, {})).toBe(403)
    expect(await socketEnd(hello, { origin: 'http://evil.example' })).toBe(403)
    expect(await socketEnd(hello, { origin: loopback.origin, host: 'evil.example' })).toBe(421)
    expect(await socketEnd(hello, { origin: loopback.origin }, '/other')).toBe(404)
    expect(await socketEnd(hello, { origin: loopback.origin }, `${enginePath}?token=x`)).toBe(404)
  })

  test('is not reached without the token in the first frame', async () => {
    const call = '{"t":"call","id":1,"method":"info"}'
    const first = [
      '',
      'null',
      '{"token":""}',
      '{"token":1}',
      JSON.stringify({ token: code() }),
      call,
      Buffer.from('{}'),
    ]
    for (const hello of first) expect(await socketEnd(hello, { origin: loopback.origin })).toBe(closeCodes.tokenRefused)
  })
})
