import { type Channel, type DesktopBridge, engineLostMessage, enginePortMessage, type Message } from '#contract'

/** Asks the desktop host for the engine's port; the channel closes when the host says that the engine is gone. */
export function openPortChannel(bridge: DesktopBridge): Promise<Channel> {
  return new Promise((resolve) => {
    function receive(event: MessageEvent) {
      if (event.source !== window || event.data !== enginePortMessage || !event.ports[0]) return
      window.removeEventListener('message', receive)
      resolve(portChannel(event.ports[0]))
    }
    window.addEventListener('message', receive)
    bridge.requestEngine()
  })
}

function portChannel(port: MessagePort): Channel {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.addEventListener('message', (event: MessageEvent<Message>) => listener(event.data))
      port.start()
    },
    onClose: (listener) => {
      const lost = (event: MessageEvent) => {
        if (event.source !== window || event.data !== engineLostMessage) return
        window.removeEventListener('message', lost)
        listener()
      }
      window.addEventListener('message', lost)
    },
  }
}
