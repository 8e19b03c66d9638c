/** The yardstick of the chaos run: BullMQ as its readme has it, one job, one call, and nothing written down before. */
import axios from 'axios'
import { Worker } from 'bullmq'
import { Redis } from 'ioredis'

const { REDIS_URL = '', PLAIN_CARRIER = '', PLAIN_CARRIER_TOKEN = '' } = process.env
const headers = { authorization: `Bearer ${PLAIN_CARRIER_TOKEN}` }

const worker = new Worker<{ request: string; to: string }>(
  'plain',
  async ({ data: { request, to } }) => {
    const sent = { channel: 'sms', from: '+15550100002', to, text: 'Walk in any morning.' }
    await axios.post(
      `${PLAIN_CARRIER}/carrier/messages`,
      { ...sent, correlation: `${request}_0` },
      { headers },
    )
  },
  {
    connection: new Redis(REDIS_URL, { maxRetriesPerRequest: null }),
    concurrency: Number(process.env.PLAIN_CONCURRENCY),
    removeOnComplete: { count: 0 },
    // What BullMQ has against lost workers is given every chance, and found fast enough for a run.
    ...{ maxStalledCount: 100, lockDuration: 10_000, stalledInterval: 2_000 },
  },
)
await worker.waitUntilReady()
console.log('the plain processor is up')
