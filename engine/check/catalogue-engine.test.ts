import path from 'node:path'
import { catalogue } from '#nodes'
import { engineConformance } from './engine-conformance.ts'

engineConformance(catalogue, path.resolve(import.meta.dirname, '../..'))
