import { readFileSync } from 'node:fs'
import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite'

const absolute = (file: string) => path.resolve(import.meta.dirname, file)

/** Loaded from node_modules at run time: natives can not be bundled, and Electron provides itself. */
const external = ['electron', 'better-sqlite3', '@duckdb/node-api', 'onnxruntime-node']

function nodeProgram(folder: string, inputs: Record<string, string>, format: 'es' | 'cjs'): EnvironmentOptions {
  const extension = format === 'cjs' ? 'cjs' : 'js'
  return {
    consumer: 'server',
    resolve: { external, noExternal: true },
    build: {
      outDir: absolute(`dist/${folder}`),
      emptyOutDir: true,
      ssr: true,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(inputs).map(([name, file]) => [name, absolute(file)])),
        external: [...external, /^node:/],
        output: { format, entryFileNames: `[name].${extension}`, chunkFileNames: `[name]-[hash].${extension}` },
      },
    },
  }
}

/**
 * The engine names modules for other processes, and wasm files, by where they lie beside it. In the bundle each of them
 * becomes a file of the bundle's own folder.
 */
function filesBesideTheEngine(): Plugin {
  return {
    name: 'files-beside-the-engine',
    enforce: 'pre',
    applyToEnvironment: (environment) => environment.name === 'engine',
    transform(code, id) {
      const beside = (name: string) => path.resolve(path.dirname(id), name)
      return code
        .replace(/new URL\('([^']+)\.ts', import\.meta\.url\)/g, (_found, name: string) => {
          const fileName = `${path.basename(name)}.js`
          this.emitFile({ type: 'chunk', id: beside(`${name}.ts`), fileName })
          return `new URL('./${fileName}', import.meta.url)`
        })
        .replace(/path\.join\(import\.meta\.dirname, '([^']+\.wasm)'\)/g, (found, name: string) => {
          this.emitFile({ type: 'asset', fileName: name, source: readFileSync(beside(name)) })
          return found
        })
    },
  }
}

export default defineConfig({
  root: absolute('renderer'),
  base: './',
  plugins: [react(), filesBesideTheEngine()],
  environments: {
    client: {
      build: {
        outDir: absolute('dist/renderer'),
        emptyOutDir: true,
        target: 'chrome140',
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 1_600,
      },
    },
    main: nodeProgram('main', { main: 'electron/main.ts' }, 'es'),
    // A sandboxed preload must be one CommonJS file.
    preload: nodeProgram('preload', { preload: 'electron/preload.ts' }, 'cjs'),
    engine: nodeProgram('engine', { engine: 'engine/host/engine-process.ts' }, 'es'),
  },
  builder: {
    buildApp: async (builder) => {
      for (const environment of Object.values(builder.environments))
        if (environment.name !== 'ssr') await builder.build(environment)
    },
  },
})
