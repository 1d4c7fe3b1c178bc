/** `npm run bench -- NAME`: runs one benchmark and prints its table. Without a name it lists them. */
const benches: Readonly<Record<string, { readonly about: string; run(): Promise<void> }>> = {
  pipeline: {
    about: 'the loan example, cold and cached, against the same work in Python; the no-op re-run of 10 and 1,000 nodes',
    run: async () => (await import('./pipeline/bench.ts')).benchPipeline(),
  },
  canvas: {
    about:
      'opening, dragging and zooming 100 to 3,000 nodes in a browser, beside plain React Flow and Node-RED; or "canvas 300"',
    run: async () => (await import('./canvas/bench.ts')).benchCanvas(process.argv[3]),
  },
  load: {
    about: 'typing and dragging while the engine trains on every core',
    run: async () => (await import('./canvas/under-load.ts')).benchUnderLoad(),
  },
  table: {
    about: 'the table viewer on 10 M x 200 in a browser, and its engine beside polars; "table small" takes 1 M x 50',
    run: async () => (await import('./table/bench.ts')).benchTable(process.argv[3]),
  },
  mitigate: {
    about: 'every fairness mitigation on Adult, German credit and credit default against fairlearn and aif360',
    run: async () => (await import('./mitigate/bench.ts')).benchMitigations(),
  },
  ml: {
    about: 'the algorithms against the libraries people use; a further word narrows it, as in "ml shap"',
    run: async () => (await import('./ml/bench.ts')).benchAlgorithms(process.argv[3]),
  },
  stages: {
    about: 'the nine stages, cold and cached, against the same work in Python',
    run: async () => (await import('./stages/bench.ts')).benchStages(),
  },
  accuracy: {
    about: 'our learners beside scikit-learn and LightGBM on eight public data sets, ten splits each',
    run: async () => (await import('./stages/accuracy.ts')).benchAccuracy(),
  },
  search: {
    about:
      'each strategy of train/tune against random search at equal cost over ten seeds, Optuna’s TPE beside ours; a word narrows it',
    run: async () => (await import('./search/bench.ts')).benchSearches(process.argv[3]),
  },
  spread: {
    about:
      'trainings of networks spread over two threads against the same in one piece; a word narrows it, as "pictures"',
    run: async () => (await import('./spread/bench.ts')).benchSpread(process.argv[3]),
  },
  serving: {
    about: 'the model server against FastAPI with onnxruntime and mlflow models serve: throughput, CPU time, latency',
    run: async () => (await import('./serving/bench.ts')).benchServing(),
  },
  protocol: {
    about: 'clients of the Open Inference Protocol and of OpenAPI from PyPI ask a served model',
    run: async () => (await import('./serving/protocol.ts')).askByProtocol(),
  },
}

const name = process.argv[2]
const bench = name ? benches[name] : undefined
if (!bench) {
  console.log(name ? `There is no benchmark "${name}".` : 'Benchmarks:')
  for (const [key, { about }] of Object.entries(benches)) console.log(`  npm run bench -- ${key}   ${about}`)
  process.exit(name ? 2 : 0)
}
await bench.run()

export {}
