import { lineage } from './0001-lineage.ts'
import { reviewsAndAudit } from './0002-reviews-and-audit.ts'
import { memos } from './0003-memos.ts'
import { registry } from './0004-registry.ts'
import { servedSchema } from './0005-served-schema.ts'
import { wires } from './0006-wires.ts'
import { sweeps } from './0007-sweeps.ts'
import { stepsByKey } from './0008-steps-by-key.ts'
import { rollouts } from './0009-rollouts.ts'
import { automation } from './0010-automation.ts'
import type { Migration } from './migration.ts'

export const allMigrations: readonly Migration[] = [
  lineage,
  reviewsAndAudit,
  memos,
  registry,
  servedSchema,
  wires,
  sweeps,
  stepsByKey,
  rollouts,
  automation,
]
