import type http from 'node:http'

export const bodyLimit = 8 << 20

export type Body = { readonly text: string } | { readonly text?: undefined; readonly limit: number }

/** The body as text; undefined once it grows beyond the limit, the rest is not read. */
export function readBody(request: http.IncomingMessage): Promise<Body> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bodyLimit) chunks.push(chunk)
      else {
        request.pause()
        resolve({ limit: bodyLimit })
      }
    })
    request.once('end', () =>
      resolve({ text: (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8') }),
    )
    request.once('error', reject)
  })
}
