import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type EnvironmentOptions } from 'vite'

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

export default defineConfig({
  root: absolute('renderer'),
  base: './',
  plugins: [react()],
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
    engine: nodeProgram(
      'engine',
      { engine: 'engine/host/engine-process.ts', worker: 'engine/run/worker.ts', catalogue: 'nodes/catalogue.ts' },
      'es',
    ),
  },
  builder: {
    buildApp: async (builder) => {
      for (const environment of Object.values(builder.environments))
        if (environment.name !== 'ssr') await builder.build(environment)
    },
  },
})
