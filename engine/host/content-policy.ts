/**
 * The page may load what this host serves and nothing else: no other origin, no inline script, no eval. Inline styles
 * are allowed because the chart library writes style sheets; they can load nothing either.
 */
export function contentPolicy(socketOrigin: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${socketOrigin}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
