import { z } from 'zod'
import { type Model, ProblemError, parseRolloutSettings, type RolloutSettings, type RolloutStart } from '#contract'
import { issueProblem } from '#graph/parameter-problem'
import { settleSettings } from '#ml/rollout/settle-settings'
import type { ContentFiles } from '#store/content-files'
import type { Database } from '#store/database'
import { chooseVersion } from '#store/read-registry'
import { startRollout } from '#store/rollouts'
import { getValue } from '#store/values'

/**
 * Lets new versions of a model answer beside the one in production; what settings leave open the first of them says.
 * `withRegistry` lends the registry for a moment: a command opens it only then.
 */
export async function beginRollout(
  withRegistry: <T>(work: (db: Database) => T) => T,
  files: ContentFiles,
  a: RolloutStart,
): Promise<void> {
  const settings = settingsOf(a.settings ?? {})
  const { model } = withRegistry((db) => chooseVersion(db, a.name, String(a.versions[0])))
  const value = (await getValue(files, model)) as unknown as Model
  withRegistry((db) => startRollout(db, { ...a, settings: settleSettings(settings, value) }))
}

function settingsOf(given: RolloutStart['settings']): RolloutSettings {
  try {
    return parseRolloutSettings(given)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    throw new ProblemError(
      error.issues.map((issue) => ({
        code: 'parameter-bad',
        path: ['settings', ...issue.path.map(String)],
        ...issueProblem(issue, `The setting "${issue.path.join('.')}"`, given),
      })),
    )
  }
}
