/** One work of the algorithms benchmark in a process of its own: `own.ts SUBJECT/NAME DATA ROWS THREADS`; prints one JSON line a round it is asked for. */
import { createInterface } from 'node:readline'
import { type OwnData, type Prepare, readData } from './own-data.ts'

const [, , name = '', file = '', rows = '', threads = ''] = process.argv
const [subject, work] = name.split('/')
const { works } = (await import(`./own/${subject}.ts`)) as { works: Readonly<Record<string, Prepare>> }
const data: OwnData = readData(file, Number(rows), Number(threads))
const run = await works[work!]!(data)
console.log('ready')
for await (const _ of createInterface({ input: process.stdin })) {
  const cpu = process.cpuUsage()
  const started = performance.now()
  await run()
  const used = process.cpuUsage(cpu)
  console.log(
    JSON.stringify({
      wall: performance.now() - started,
      cpu: (used.user + used.system) / 1000,
      peak: process.resourceUsage().maxRSS * 1024,
    }),
  )
}
process.exit(0)
