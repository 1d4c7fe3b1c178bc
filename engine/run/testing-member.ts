import type { OpenMember } from '#contract'

/** A crew's member for tests: adds one number to each job. */
export const openMember: OpenMember<{ readonly add: number }, number, number> =
  async ({ add }) =>
  async (job) =>
    job + add
