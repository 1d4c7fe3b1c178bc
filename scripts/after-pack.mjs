// electron-builder's hook: the package file beside the sources that custom nodes run on. Among `extraResources` it would be
// left out of the archive, which needs one too.
import { copyFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** @param {{ appOutDir: string, packager: { getResourcesDir(folder: string): string } }} context */
export async function afterPack({ appOutDir, packager }) {
  const fenced = path.join(packager.getResourcesDir(appOutDir), 'fenced')
  await copyFile(path.join(root, 'package.json'), path.join(fenced, 'package.json'))
}
