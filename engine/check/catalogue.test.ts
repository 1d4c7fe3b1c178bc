import path from 'node:path'
import { catalogue } from '#nodes'
import { conformance } from './conformance.ts'

conformance(catalogue, catalogue, path.resolve(import.meta.dirname, '../..'))
