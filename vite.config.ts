import { readFileSync } from 'node:fs'
import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite'
import { nodeFiles, nodeModule } from './scripts/build.mjs'

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
        // Who wants one thing of the contract, such as a thread its problems, does not load schemas for it.
        treeshake: { moduleSideEffects: [{ test: /\/engine\/contract\//, sideEffects: false }] },
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

/** Environments of the compiled program, and the way from their folders to the clone's. */
const wayUp: Readonly<Record<string, string>> = { program: '../../../', steps: '../../../../' }

/**
 * The compiled program lies beside its sources and speaks of the same files as they do, but for the threads of a step,
 * which are compiled with it. Its own folder is `dist/program/NAME`, that of the steps' processes `steps` within.
 */
function programBesideSources(): Plugin {
  return {
    name: 'program-beside-sources',
    enforce: 'pre',
    applyToEnvironment: (environment) => environment.name in wayUp,
    transform(code, id) {
      const file = path.relative(absolute('.'), id).split(path.sep).join('/')
      if (!/^(?:engine|nodes)\//.test(file)) return null
      const threads = /new URL\('\.\/([\w-]+-(?:member|thread))\.ts', import\.meta\.url\)/g
      const found = code.replace(threads, (_found, name: string) => {
        this.emitFile({ type: 'chunk', id: path.resolve(path.dirname(id), `${name}.ts`), fileName: `${name}.js` })
        return `new URL('./${name}.js', import.meta.own)`
      })
      const up = wayUp[this.environment.name]
      const url = `new URL('${up}${file}', import.meta.own).href`
      const folder = `process.getBuiltinModule('node:path').join(import.meta.ownFolder, '${up}${path.dirname(file)}')`
      return found
        .replaceAll('import.meta.url', url)
        .replaceAll('import.meta.dirname', folder)
        .replaceAll('import.meta.ownFolder', 'import.meta.dirname')
        .replaceAll('import.meta.own', 'import.meta.url')
    },
  }
}

/** What the command line and the engine's own process load. */
const program = {
  main: 'engine/cli/main.ts',
  engine: 'engine/run/engine.ts',
  process: 'engine/host/engine-process.ts',
  catalogue: 'nodes/catalogue.ts',
}

/** What the processes of steps load: each node by itself, so that none holds what the others need. */
const steps = {
  worker: 'engine/run/worker.ts',
  ...Object.fromEntries(nodeFiles.map((file) => [nodeModule(file), file])),
}

export default defineConfig({
  root: absolute('renderer'),
  base: './',
  plugins: [react(), filesBesideTheEngine(), programBesideSources()],
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
    program: nodeProgram('program', program, 'es'),
    steps: nodeProgram('program/steps', steps, 'es'),
  },
  builder: {
    buildApp: async (builder) => {
      for (const environment of Object.values(builder.environments))
        if (environment.name !== 'ssr' && !(environment.name in wayUp)) await builder.build(environment)
    },
  },
})
