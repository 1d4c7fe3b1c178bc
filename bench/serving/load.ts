/**
 * Load on a server from a process of its own: some connections that ask one after the other, with bytes made beforehand.
 * Usage: node load.ts ORIGIN PATH CONNECTIONS SECONDS, the bodies on standard input as a JSON list. Prints JSON.
 */
import net from 'node:net'
import { text } from 'node:stream/consumers'

export interface LoadResult {
  readonly requests: number
  readonly failed: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const [origin, path, connections, seconds] = process.argv.slice(2) as [string, string, string, string]
const bodies = JSON.parse(await text(process.stdin)) as readonly string[]
const { hostname, port, host } = new URL(origin)
const requests = bodies.map((body) =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
)
const times: number[] = []
let failed = 0
const started = performance.now()
const until = started + Number(seconds) * 1_000

function connection(offset: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: hostname, port: Number(port), noDelay: true })
    let received = ''
    let asked = 0
    let turn = offset
    const ask = () => {
      if (performance.now() >= until) return socket.end(resolve)
      asked = performance.now()
      socket.write(requests[turn++ % requests.length]!)
    }
    socket.setEncoding('latin1')
    socket.on('connect', ask)
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      received += chunk
      const head = received.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1])
      if (received.length < head + 4 + length) return
      if (!received.startsWith('HTTP/1.1 200')) failed++
      times.push(performance.now() - asked)
      received = ''
      ask()
    })
  })
}

await Promise.all(Array.from({ length: Number(connections) }, (_, place) => connection(place * 7)))
times.sort((a, b) => a - b)
const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))]!
const result: LoadResult = {
  requests: times.length,
  failed,
  seconds: (performance.now() - started) / 1_000,
  p50Ms: at(0.5),
  p99Ms: at(0.99),
}
process.stdout.write(JSON.stringify(result))
