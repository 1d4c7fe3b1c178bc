import type { Command } from './command.ts'

export interface CommandEntry {
  /** "runs show": one or two words. */
  readonly words: string
  readonly summary: string
  load(): Promise<Command>
}

/** Every command. The files behind them, and the engine behind those, are loaded when used. */
export const commands: readonly CommandEntry[] = [
  {
    words: 'run',
    summary: 'run a pipeline, or what of it changed',
    load: async () => (await import('./run.ts')).runCommand,
  },
  {
    words: 'validate',
    summary: 'name every problem of a pipeline file without running it',
    load: async () => (await import('./validate.ts')).validateCommand,
  },
  {
    words: 'lint',
    summary: 'find mistakes in machine learning that a run would not show',
    load: async () => (await import('./lint.ts')).lintCommand,
  },
  {
    words: 'diff',
    summary: 'compare two pipeline files: nodes, wires, parameters, and the figures of their runs',
    load: async () => (await import('./diff.ts')).diffCommand,
  },
  {
    words: 'import',
    summary: 'make a pipeline file from a workflow of Orange',
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    words: 'merge',
    summary: 'merge two versions of a pipeline file over the version before both',
    load: async () => (await import('./merge.ts')).mergeCommand,
  },
  {
    words: 'sweep',
    summary: 'try a pipeline with many settings and rank them by a figure',
    load: async () => (await import('./sweep.ts')).sweepCommand,
  },
  { words: 'open', summary: 'open the app', load: async () => (await import('./open.ts')).openCommand },
  { words: 'init', summary: 'make a project folder', load: async () => (await import('./init.ts')).initCommand },
  { words: 'runs', summary: 'list runs', load: async () => (await import('./runs.ts')).runsCommand },
  {
    words: 'runs show',
    summary: 'show one run: steps, figures, environment',
    load: async () => (await import('./runs-show.ts')).runsShowCommand,
  },
  {
    words: 'runs diff',
    summary: 'compare two runs',
    load: async () => (await import('./runs-diff.ts')).runsDiffCommand,
  },
  {
    words: 'runs verify',
    summary: 'recompute every hash of a run and the audit chain',
    load: async () => (await import('./runs-verify.ts')).runsVerifyCommand,
  },
  {
    words: 'lineage',
    summary: 'show what an artifact or run was made from',
    load: async () => (await import('./lineage.ts')).lineageCommand,
  },
  {
    words: 'why',
    summary: 'say why a node would run again',
    load: async () => (await import('./why.ts')).whyCommand,
  },
  {
    words: 'report',
    summary: 'save the offline report of a run',
    load: async () => (await import('./report.ts')).reportCommand,
  },
  {
    words: 'review',
    summary: 'record the review an expert sent back',
    load: async () => (await import('./review.ts')).reviewCommand,
  },
  {
    words: 'serve',
    summary: 'answer requests with a registered model',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  {
    words: 'batch',
    summary: 'score files of any size with a registered model',
    load: async () => (await import('./batch.ts')).batchCommand,
  },
  {
    words: 'batches',
    summary: 'list the files that were scored',
    load: async () => (await import('./batches.ts')).batchesCommand,
  },
  {
    words: 'models',
    summary: 'list registered models',
    load: async () => (await import('./models.ts')).modelsCommand,
  },
  {
    words: 'models list',
    summary: 'list registered models',
    load: async () => (await import('./models.ts')).modelsListCommand,
  },
  {
    words: 'models show',
    summary: 'show a registered model: versions, stages, figures, reviews, what happened',
    load: async () => (await import('./models-show.ts')).modelsShowCommand,
  },
  {
    words: 'models card',
    summary: 'save the model card of a version',
    load: async () => (await import('./models-card.ts')).modelsCardCommand,
  },
  {
    words: 'models promote',
    summary: 'move a version of a model to a stage',
    load: async () => (await import('./models-promote.ts')).modelsPromoteCommand,
  },
  {
    words: 'models rollback',
    summary: 'let the version answer again that was in production before',
    load: async () => (await import('./models-rollback.ts')).modelsRollbackCommand,
  },
  {
    words: 'queue',
    summary: 'list what waits for a person to decide',
    load: async () => (await import('./queue.ts')).queueCommand,
  },
  {
    words: 'queue list',
    summary: 'list what waits for a person to decide',
    load: async () => (await import('./queue.ts')).queueListCommand,
  },
  {
    words: 'queue show',
    summary: 'show one case: its row, why it waits, what the model says where that may be seen',
    load: async () => (await import('./queue-show.ts')).queueShowCommand,
  },
  {
    words: 'queue decide',
    summary: 'decide a case',
    load: async () => (await import('./queue-decide.ts')).queueDecideCommand,
  },
  {
    words: 'queue export',
    summary: 'write what people decided as labelled rows to train on',
    load: async () => (await import('./queue-export.ts')).queueExportCommand,
  },
  {
    words: 'rollout',
    summary: 'list how new versions of models come to answer',
    load: async () => (await import('./rollout.ts')).rolloutCommand,
  },
  {
    words: 'rollout list',
    summary: 'list how new versions of models come to answer',
    load: async () => (await import('./rollout.ts')).rolloutListCommand,
  },
  {
    words: 'rollout show',
    summary: 'show the rollout of a model: versions, figures, guards, what happened',
    load: async () => (await import('./rollout-show.ts')).rolloutShowCommand,
  },
  {
    words: 'rollout start',
    summary: 'let a new version answer beside the one in production',
    load: async () => (await import('./rollout-start.ts')).rolloutStartCommand,
  },
  {
    words: 'rollout pause',
    summary: 'let the version in production answer everybody for a while',
    load: async () => (await import('./rollout-steer.ts')).rolloutPauseCommand,
  },
  {
    words: 'rollout resume',
    summary: 'go on with a rollout that was paused',
    load: async () => (await import('./rollout-steer.ts')).rolloutResumeCommand,
  },
  {
    words: 'rollout abort',
    summary: 'end a rollout: the version in production answers everybody again',
    load: async () => (await import('./rollout-steer.ts')).rolloutAbortCommand,
  },
  {
    words: 'rollout promote',
    summary: 'end a rollout: the new version comes into production',
    load: async () => (await import('./rollout-steer.ts')).rolloutPromoteCommand,
  },
  {
    words: 'outcomes import',
    summary: 'tell what became of rows that a served model answered',
    load: async () => (await import('./outcomes-import.ts')).outcomesImportCommand,
  },
  {
    words: 'node new',
    summary: 'begin a node of your own in this project',
    load: async () => (await import('./node-new.ts')).nodeNewCommand,
  },
  {
    words: 'node check',
    summary: 'run the conformance suite on a node of your own',
    load: async () => (await import('./node-check.ts')).nodeCheckCommand,
  },
  {
    words: 'node trust',
    summary: "let the project's own nodes run on this computer",
    load: async () => (await import('./node-trust.ts')).nodeTrustCommand,
  },
  {
    words: 'nodes',
    summary: 'list node types, or describe one',
    load: async () => (await import('./nodes.ts')).nodesCommand,
  },
]
