import type { HostApi } from '#contract'

/** What a plain browser can do: no paths, so files are chosen in the app's own list; saving is a download. */
export function browserHost(): HostApi {
  return {
    kind: 'browser',
    pickFile: async () => null,
    saveFile: async (name, bytes) => {
      const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]))
      const link = document.createElement('a')
      link.href = address
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(address), 60_000)
      return true
    },
    setTitle: (text) => {
      document.title = text
    },
  }
}
