/**
 * An EMR on a bad day, in each way that it can be bad and at each step of a message. When all is well again each patient was
 * reminded once, each message has its outcome, and no job was set aside: it cost nothing but time. Each way has a clinic of
 * its own, and all have their bad day at once.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attemptsOf, patientMessages } from '../journeys/records.ts'
import type { Fault } from '../journeys/stranger.ts'
import { until } from '../journeys/until.ts'
import { type Clinic, type Deployment, startDeployment } from './deployment.ts'
import { type SmallClinic, smallClinic, visitOf } from './small-clinic.ts'

interface Step {
  /** What of the EMR is bad, and for how many requests. */
  strikes: Omit<Fault, 'answer'> & { for: number }
  /** What has happened by then; else a visit is booked while it is bad. */
  after?: 'the message is taken' | 'the reminder is delivered'
  /** Our token is not taken any more. */
  isOutOfDate?: true
}

const steps: Record<string, Step> = {
  'a booked visit is read': { strikes: { type: 'Appointment', for: 2 } },
  'its request is written': { strikes: { type: 'CommunicationRequest', for: 3 } },
  'the facts are read at once': { strikes: { type: 'Bundle', for: 2 } },
  'a message is claimed': { strikes: { type: 'Communication', match: 'POST', for: 2 } },
  'its outcome is written': { strikes: { type: 'Communication', match: 'PUT', for: 2 } },
  'the carrier tells of it': { strikes: { type: 'Communication', for: 3 }, after: 'the message is taken' },
  'the patient writes': { strikes: { for: 6 }, after: 'the reminder is delivered' },
  'a token is asked for': { strikes: { at: 'token', for: 2 }, isOutOfDate: true },
  'anything is asked': { strikes: { for: 12 } },
}

const ways: Record<string, Fault> = {
  'HTML with 200': { answer: 'html' },
  'half a page': { answer: 'half' },
  nothing: { answer: 'nothing' },
  'what is lost': { answer: 'lost' },
  'too late': { answer: 'slow', after: 11_000, for: 1 },
  '401': { answer: '401' },
  '403': { answer: '403' },
  '404': { answer: '404' },
  '410': { answer: '410' },
  '412': { answer: '412' },
  '429 with Retry-After': { answer: '429', retryAfter: 1 },
  '500': { answer: '500' },
  '503': { answer: '503' },
}
/** Each costs the eleven seconds. */
const whenLate = ['a booked visit is read', 'a message is claimed', 'the carrier tells of it']

const names = Object.keys(ways)
const stepNames = Object.keys(steps)
const patients = stepNames.map((_, index) => `patient-${index + 1}`)
const clinics = new Map<string, SmallClinic>(
  names.map((name, index) => [name, smallClinic(patients, 1 + index * patients.length)]),
)
const idOf = (name: string) => `clinic-${names.indexOf(name) + 1}`

let deployment: Deployment
/** Each ends with what is not as it has to be. */
let stories: Map<string, Promise<string[]>>

beforeAll(async () => {
  const wishes = names.map((name, index) => ({
    ...{ id: idOf(name), number: `+15550100${200 + index}` },
    resources: clinics.get(name)?.resources ?? [],
  }))
  deployment = await startDeployment(wishes, badFromTheStart)
  stories = new Map(names.map((name) => [name, tell(name)]))
  for (const story of stories.values()) story.catch(() => undefined)
}, 120_000)
afterAll(() => deployment?.stop())

/** What a host says of itself, and its tokens, before anybody has worked. */
async function badFromTheStart(all: Clinic[]): Promise<void> {
  for (const [index, { atHost }] of all.entries()) {
    const fault = ways[names[index] ?? '']
    if (!fault || fault.answer === 'slow') continue
    for (const at of ['metadata', 'token'] as const) await atHost.misbehave({ ...fault, at, for: 2 })
  }
}

async function tell(name: string): Promise<string[]> {
  const clinic = deployment.clinics.find(({ id }) => id === idOf(name)) as Clinic
  await clinic.atHost.behave()
  const fault = ways[name] as Fault
  const wrong: string[] = []
  for (const [index, step] of stepNames.entries()) {
    if (fault.answer === 'slow' && !whenLate.includes(step)) continue
    const ended = await survive(clinic, name, { step: steps[step] as Step, index, fault })
    if (ended) wrong.push(`while ${step}: ${ended}`)
  }
  return wrong
}

/** One patient's story; `undefined` when it ended well. */
async function survive(
  clinic: Clinic,
  name: string,
  { step, index, fault }: { step: Step; index: number; fault: Fault },
): Promise<string | undefined> {
  const person = clinics.get(name)?.people[index]
  if (!person) throw new Error('There are fewer people than steps.')
  const { atHost } = clinic
  const { strikes, after, isOutOfDate } = step
  const strike = () => atHost.misbehave({ ...strikes, ...fault })
  if (isOutOfDate) await atHost.misbehave({ answer: '401', for: 1 })
  if (!after) await strike()
  await clinic.put(visitOf(person))
  if (after) {
    const wanted = after === 'the message is taken' ? ['queued', 'sent', 'delivered'] : ['delivered']
    const isSo = async () => (await remindersTo(person.mobile)).some(({ status }) => wanted.includes(status))
    await until(after, isSo, { within: 30_000 })
    await strike()
  }
  const writes = after === 'the reminder is delivered'
  if (writes) await deployment.phones.write(person.mobile, 'sms', 'Where are you?')
  await badForAWhile(atHost, fault.for ?? strikes.for)
  const well = {
    sent: 1,
    requests: ['completed'],
    attempts: ['completed'],
    written: writes ? ['completed'] : [],
  }
  const isWell = async () => JSON.stringify(await endingOf(clinic, person)) === JSON.stringify(well)
  const ended = await until('it ends well', isWell, { within: 30_000, every: 200 }).catch(() => false)
  return ended ? undefined : JSON.stringify(await endingOf(clinic, person))
}

async function remindersTo(phone: string) {
  return (await deployment.ledger()).filter(({ to, text }) => to === phone && text.includes('Clinic'))
}

async function endingOf({ atHost }: Clinic, { patient, mobile: phone }: SmallClinic['people'][number]) {
  const reference = `Patient/${patient.id}` as const
  const all = await atHost.search('CommunicationRequest', { patient: reference })
  const reminders = all.filter(({ basedOn }) => basedOn)
  const [attempts, written] = await Promise.all([
    attemptsOf(atHost, { reference, phone }),
    patientMessages(atHost, { reference, phone }),
  ])
  return {
    sent: (await remindersTo(phone)).length,
    requests: reminders.map(({ status }) => status),
    attempts: attempts.map(({ status }) => status),
    written: written.map(({ status }) => status),
  }
}

/** For so many requests, or until nobody asks any more. */
async function badForAWhile({ misbehaved, behave }: Clinic['atHost'], times: number): Promise<void> {
  await until('all are met', async () => (await misbehaved()) >= times, { within: 2_000 }).catch(
    () => undefined,
  )
  await behave()
}

describe('a host that answers', { timeout: 90_000 }, () => {
  it.each(Object.keys(ways))('%s for a while costs nothing but time', async (name) => {
    expect(await stories.get(name)).toEqual([])
  })
})

it('and no job was set aside', async () => {
  const lines = (await (await fetch(`${deployment.url}/metrics`)).text()).split('\n')
  const failed = lines.filter((line) => /^qasid_queue_jobs.*state="failed"/.test(line))
  expect(failed.length).toBeGreaterThan(names.length)
  expect(failed.filter((line) => !line.endsWith(' 0'))).toEqual([])
})
