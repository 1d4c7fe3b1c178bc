import { sessionPath } from '#contract'

const storageKey = 'plumbline.token'

/** The token of this window: from the one-time code in the address, which then leaves the address, or kept from before. */
export async function sessionToken(): Promise<string | null> {
  const code = new URLSearchParams(location.hash.slice(1)).get('code')
  if (code === null) return sessionStorage.getItem(storageKey)
  history.replaceState(null, '', location.pathname + location.search)
  const answer = await fetch(sessionPath, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  })
  if (!answer.ok) return sessionStorage.getItem(storageKey)
  const { token } = (await answer.json()) as { token: string }
  sessionStorage.setItem(storageKey, token)
  return token
}
