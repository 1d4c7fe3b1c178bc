import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Who may talk to the loopback host. An address carries a code that works once; the window exchanges it for the token.
 * Neither is a cookie (cookies ignore ports) and the token is never in an address or a command line.
 */
export interface Sessions {
  newCode(): string
  /** The token for a code, once. */
  exchange(code: unknown): string | undefined
  accepts(token: unknown): boolean
}

export function createSessions(): Sessions {
  const token = secret()
  const codes = new Set<string>()
  return {
    newCode() {
      const code = secret()
      codes.add(code)
      return code
    },
    exchange(code) {
      const found = [...codes].filter((candidate) => equal(candidate, code))
      for (const used of found) codes.delete(used)
      return found.length > 0 ? token : undefined
    },
    accepts: (candidate) => equal(token, candidate),
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

/** Compares digests, so that the time taken says nothing about the secret. */
function equal(known: string, given: unknown): boolean {
  if (typeof given !== 'string') return false
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(known), digest(given))
}
