import { type OpenMember, ProblemError } from '#contract'

/** A crew's member for tests: multiplies, refuses, or ends its thread. */
export const openMember: OpenMember<number, { readonly value: number } | 'refuse' | 'leave', number> =
  async (factor) => async (job) => {
    if (job === 'refuse') throw new ProblemError({ code: 'data-bad', message: 'Not this one.' })
    if (job === 'leave') process.exit(0)
    return factor * job.value
  }
