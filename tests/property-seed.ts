import fc from 'fast-check'

/** Property tests draw the same cases each time, so that a run can be repeated; another seed explores others. */
const seed = Number(process.env.PLUMBLINE_PROPERTY_SEED ?? 20_261_121)

fc.configureGlobal({ seed })
