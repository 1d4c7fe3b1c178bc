// npm, when it is ended, ends the shell it started and not what runs in it.

const intervalMs = 500

/**
 * Calls back once when the process above this one is gone. Only under npm: whoever starts a script by hand may leave it.
 * @param {() => unknown} callback
 */
export function whenParentEnds(callback) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    callback()
  }, intervalMs)
  timer.unref()
}
