export { binColumn } from './bins'
export { growTree } from './grow'
export { prime } from './objective'
export { barrier, setBuffers, setLimits, setPlace, setScales, setTable } from './state'
