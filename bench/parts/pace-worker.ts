/** One worker process of the bench: takes send jobs and calls the carrier, at our pace or at BullMQ's limiter's. */
import { Agent, request } from 'node:http'
import { Worker } from 'bullmq'
import { instant, second } from '../../src/domain/time.ts'
import { connectToAdd, connectToWork } from '../../src/queue/connection.ts'
import { createPace } from '../../src/queue/pace.ts'
import { createWorkers } from '../../src/queue/workers.ts'

const [mode = '', url = '', prefix = '', carrier = '', speed = ''] = process.argv.slice(2)
const log = { info() {}, warn() {}, error() {} }
const agent = new Agent({ keepAlive: true })

function call(cost: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-segments': cost }
    const sent = request({ host: '127.0.0.1', port: carrier, method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', resolve)
    })
    sent.once('error', reject).end()
  })
}

/** A job's last digit says how many segments its message has. */
const costOf = (reference: string) => Number(reference.at(-1)) || 1

const perSecond = Number(speed)
const place = { prefix, install: 'bench' }
const senders = [{ id: 'sms', perSecond }]

if (mode === 'limiter') {
  const limiter = { max: perSecond, duration: second }
  const connection = connectToWork({ url, log })
  new Worker('limited', () => call(1), { connection, prefix, concurrency: 42, limiter })
} else {
  const pace = createPace({
    ...{ ...place, senders, connection: connectToAdd({ url, log }) },
    tick: () => performance.now(),
  })
  createWorkers({
    ...{ ...place, senders, connection: connectToWork({ url, log }), log },
    now: () => instant(Date.now()),
    async handle(job, { lane }) {
      if (job.kind !== 'send') return { kind: 'done' }
      const cost = costOf(job.request)
      const turn = await pace.turn({ sender: 'sms', lane, cost })
      if (turn.kind === 'later') return { kind: 'later', at: instant(Date.now() + turn.waitFor) }
      await call(cost)
      return { kind: 'done' }
    },
  })
}
