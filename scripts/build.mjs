// Builds what a host needs when its sources changed since the last time.
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './node24.mjs'

const sources = {
  client: ['renderer/**', 'engine/{contract,graph,report}/**'],
  desktop: ['electron/**', 'engine/**', 'nodes/**'],
}
const environments = { client: ['client'], desktop: ['main', 'preload', 'engine'] }
const results = { client: 'dist/renderer/index.html', desktop: 'dist/main/main.js' }

/**
 * @param {'client' | 'desktop'} part the page, or what Electron runs besides it
 * @returns {Promise<boolean>} true when it had to be built
 */
export async function ensureBuilt(part) {
  const stampFile = path.join(root, 'dist', `.${part}-sources`)
  const digest = sourceDigest(sources[part])
  if (existsSync(path.join(root, results[part])) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest)
    return false
  console.log(part === 'client' ? 'Building the app …' : 'Building the desktop host …')
  const { createBuilder } = await import('vite')
  const builder = await createBuilder({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'error' })
  for (const name of environments[part]) {
    const environment = builder.environments[name]
    if (environment) await builder.build(environment)
  }
  writeFileSync(stampFile, digest)
  return true
}

/** @param {string[]} patterns */
function sourceDigest(patterns) {
  const files = globSync([...patterns, 'vite.config.ts', 'package-lock.json'], { cwd: root })
    .filter((file) => !/\.test\.tsx?$/.test(file) && statSync(path.join(root, file)).isFile())
    .sort()
  const hash = createHash('sha256')
  for (const file of files) {
    const content = readFileSync(path.join(root, file))
    hash.update(`${file.split(path.sep).join('/')}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}
