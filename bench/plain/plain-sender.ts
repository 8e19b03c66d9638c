/**
 * The same job written plainly, as a team would without us: one fhir-kit-client call for every read and write, BullMQ's
 * own limiter, axios. A process of its own; the queue is filled by whoever starts it.
 */
import axios from 'axios'
import { Worker } from 'bullmq'
import { Client } from 'fhir-kit-client'
import { Redis } from 'ioredis'

const { REDIS_URL = '', PLAIN_STORE = '', PLAIN_CARRIER = '', PLAIN_CARRIER_TOKEN = '' } = process.env
const concurrency = Number(process.env.PLAIN_CONCURRENCY)
const perSecond = Number(process.env.PLAIN_PER_SECOND)

type Resource = { resourceType: string; id: string } & Record<string, unknown>

const store = new Client({
  baseUrl: PLAIN_STORE,
  customHeaders: { authorization: 'Bearer sandbox-admin' },
})
const carrier = axios.create({
  baseURL: PLAIN_CARRIER,
  headers: { authorization: `Bearer ${PLAIN_CARRIER_TOKEN}` },
  timeout: 10_000,
})

const worker = new Worker<{ request: string }>('plain', (job) => send(job.data.request), {
  connection: new Redis(REDIS_URL, { maxRetriesPerRequest: null }),
  concurrency,
  limiter: { max: perSecond, duration: 1_000 },
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 1_000 },
  maxStalledCount: 10,
})
await worker.waitUntilReady()
console.log('the plain sender is up')

async function send(id: string): Promise<void> {
  const request = await read('CommunicationRequest', id)
  if (request.status !== 'active') return
  const patient = await read('Patient', referred(request.subject))
  if (!(await mayWrite(patient.id))) return
  const attempt = (await store.create({
    resourceType: 'Communication',
    body: toCommunication(request, patient) as Resource,
  })) as unknown as Resource
  const answer = await carrier.post<{ id: string }>('/carrier/messages', {
    ...{ channel: 'sms', from: '+15550100002', to: numberOf(patient), text: textOf(request) },
    correlation: `${id}_0`,
  })
  const identifier = [{ system: 'urn:plain', value: answer.data.id }]
  await update({ ...attempt, identifier, status: 'in-progress' })
  await update({ ...request, status: 'completed' })
}

async function read(resourceType: string, id: string): Promise<Resource> {
  return (await store.read({ resourceType, id })) as unknown as Resource
}

async function update(resource: Resource): Promise<void> {
  await store.update({ resourceType: resource.resourceType, id: resource.id, body: resource })
}

async function mayWrite(patient: string): Promise<boolean> {
  const searchParams = { patient: `Patient/${patient}`, status: 'active' }
  const found = (await store.search({ resourceType: 'Consent', searchParams })) as unknown as {
    entry?: { resource: { provision?: { type?: string } } }[]
  }
  const consents = (found.entry ?? []).map(({ resource }) => resource)
  return consents.length > 0 && consents.every(({ provision }) => provision?.type === 'permit')
}

function toCommunication(request: Resource, patient: Resource): object {
  return {
    resourceType: 'Communication',
    status: 'preparation',
    basedOn: [{ reference: `CommunicationRequest/${request.id}` }],
    subject: { reference: `Patient/${patient.id}` },
    recipient: [{ reference: `Patient/${patient.id}` }],
    payload: request.payload,
  }
}

function referred(reference: unknown): string {
  return (reference as { reference: string }).reference.split('/')[1] ?? ''
}

function numberOf(patient: Resource): string | undefined {
  return (patient.telecom as { value: string }[])[0]?.value
}

function textOf(request: Resource): string | undefined {
  return (request.payload as { contentString: string }[])[0]?.contentString
}
