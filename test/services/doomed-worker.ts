/** A worker process that says which job it took and then never ends it; its test kills it. */
import { instant } from '../../src/domain/time.ts'
import { connectToWork } from '../../src/queue/connection.ts'
import { createWorkers } from '../../src/queue/workers.ts'

const [url = '', prefix = '', install = ''] = process.argv.slice(2)
const log = { info() {}, warn() {}, error() {} }
createWorkers({
  connection: connectToWork({ url, log }),
  prefix,
  install,
  senders: [],
  lockFor: 1_000,
  now: () => instant(Date.now()),
  log,
  handle(job) {
    console.log(job.kind)
    return new Promise(() => {})
  },
})
