export { binColumn } from './bins'
export { growTree } from './grow'
export { prime } from './objective'
export { barrier, setBuffers, setGrowth, setLimits, setPlace, setScales, setTable } from './state'
