import type { DesktopBridge } from '#contract'
import { openPortChannel } from './port-channel.ts'
import { sessionToken } from './session-token.ts'
import { type SteadyEngine, steadyEngine } from './steady-engine.ts'
import { openSocketChannel, SocketClosedError } from './web-socket-channel.ts'

/** The engine of the program around this window: over Electron's port, else over the loopback host's socket. */
export function connect(bridge: DesktopBridge | undefined): SteadyEngine {
  if (bridge)
    return steadyEngine(
      () => openPortChannel(bridge),
      () => false,
    )
  const token = sessionToken()
  return steadyEngine(
    async () => {
      const known = await token
      if (known === null) throw new SocketClosedError('token-refused')
      return openSocketChannel(location, known)
    },
    (error) => error instanceof SocketClosedError && error.end === 'token-refused',
  )
}
