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
  /** What happens just before; else a visit is booked while it is bad. */
  after?: 'the message is taken' | 'the reminder is delivered'
}

const steps: Record<string, Step> = {
  'a booked visit is read': { strikes: { type: 'Appointment', for: 3 } },
  'its request is written': { strikes: { type: 'CommunicationRequest', for: 4 } },
  'the facts are read at once': { strikes: { type: 'Bundle', for: 3 } },
  'a message is claimed': { strikes: { type: 'Communication', match: 'POST', for: 3 } },
  'its outcome is written': { strikes: { type: 'Communication', match: 'PUT', for: 3 } },
  'the carrier tells of it': {
    strikes: { type: 'Communication', for: 4 },
    after: 'the message is taken',
  },
  'the patient writes': { strikes: { for: 8 }, after: 'the reminder is delivered' },
  'anything is asked': { strikes: { for: 25 } },
}

const ways: Record<string, Fault> = {
  'HTML with 200': { answer: 'html' },
  'half a page': { answer: 'half' },
  nothing: { answer: 'nothing' },
  'an answer that is lost': { answer: 'lost' },
  'its answer too late': { answer: 'slow', after: 11_000, for: 1 },
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

/** While the worker starts, and once more when its token is not taken any more. */
const beginnings: Record<string, Fault> = {
  'a token is refused with 401': { at: 'token', answer: '401' },
  'a token is refused with 429': { at: 'token', answer: '429', retryAfter: 1 },
  'a token is refused with 503': { at: 'token', answer: '503' },
  'a token is a login page': { at: 'token', answer: 'html' },
  'its metadata are a login page': { at: 'metadata', answer: 'html' },
  'its metadata are away with 503': { at: 'metadata', answer: '503' },
  'its metadata are cut off': { at: 'metadata', answer: 'nothing' },
}

const names = [...Object.keys(ways), ...Object.keys(beginnings)]
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
  deployment = await startDeployment(wishes, async (all) => {
    for (const [index, clinic] of all.entries()) {
      const fault = beginnings[names[index] ?? '']
      if (fault) await clinic.atHost.misbehave({ ...fault, for: 3 })
    }
  })
  stories = new Map(names.map((name) => [name, tell(name)]))
  for (const story of stories.values()) story.catch(() => undefined)
}, 120_000)
afterAll(() => deployment?.stop())

async function tell(name: string): Promise<string[]> {
  const clinic = deployment.clinics.find(({ id }) => id === idOf(name)) as Clinic
  const beginning = beginnings[name]
  if (beginning) {
    // A token that is not taken is asked for anew.
    await clinic.atHost.misbehave({ ...beginning, for: 3 })
    const strikes = { for: 2 }
    return (await survive(clinic, name, { step: { strikes }, index: 0, fault: { answer: '401' } })) ?? []
  }
  const fault = ways[name] as Fault
  const wrong: string[] = []
  for (const [index, step] of stepNames.entries()) {
    if (fault.answer === 'slow' && !whenLate.includes(step)) continue
    const ended = await survive(clinic, name, { step: steps[step] as Step, index, fault })
    wrong.push(...(ended ?? []).map((one) => `while ${step}: ${one}`))
  }
  return wrong
}

/** One patient's story; `undefined` when it ended well. */
async function survive(
  clinic: Clinic,
  name: string,
  { step, index, fault }: { step: Step; index: number; fault: Fault },
): Promise<string[] | undefined> {
  const person = clinics.get(name)?.people[index]
  if (!person) throw new Error('There are fewer people than steps.')
  const { atHost } = clinic
  const reference = `Patient/${person.patient.id}` as const
  const inbox = async () => (await deployment.ledger()).filter(({ to }) => to === person.mobile)
  const strike = () => atHost.misbehave({ ...step.strikes, ...fault })
  const { after } = step
  if (!after) await strike()
  await clinic.put(visitOf(person))
  if (after) {
    const wanted = after === 'the message is taken' ? ['queued', 'sent', 'delivered'] : ['delivered']
    await until(after, async () => (await inbox()).some(({ status }) => wanted.includes(status)))
    await strike()
  }
  if (after === 'the reminder is delivered')
    await deployment.phones.write(person.mobile, 'sms', 'Where are you?')
  await badForAWhile(atHost, fault.for ?? step.strikes.for)
  const seen = async () => ({
    sent: (await inbox()).filter(({ text }) => text.includes('Clinic')).length,
    requests: (
      await atHost.search('CommunicationRequest', { patient: reference, 'based-on:missing': 'false' })
    ).map(({ status }) => status),
    attempts: (await attemptsOf(atHost, { reference, phone: person.mobile })).map(({ status }) => status),
    written: (await patientMessages(atHost, { reference, phone: person.mobile })).map(({ status }) => status),
  })
  const written = after === 'the reminder is delivered' ? ['completed'] : []
  const well = JSON.stringify({ sent: 1, requests: ['completed'], attempts: ['completed'], written })
  const isWell = async () => JSON.stringify(await seen()) === well
  const ended = await until('it ends well', isWell, { within: 30_000, every: 100 }).catch(() => false)
  return ended ? undefined : [JSON.stringify(await seen())]
}

/** For so many requests, or until nobody asks any more. */
async function badForAWhile({ misbehaved, behave }: Clinic['atHost'], times: number): Promise<void> {
  await until('all are met', async () => (await misbehaved()) >= times, { within: 3_000 }).catch(
    () => undefined,
  )
  await behave()
}

describe('a host that answers', { timeout: 90_000 }, () => {
  it.each(Object.keys(ways))('%s for a while costs nothing but time', async (name) => {
    expect(await stories.get(name)).toEqual([])
  })
})

describe('a host of which', { timeout: 90_000 }, () => {
  it.each(Object.keys(beginnings))('%s costs nothing but time', async (name) => {
    expect(await stories.get(name)).toEqual([])
  })
})

it('and no job was set aside', async () => {
  const lines = (await (await fetch(`${deployment.url}/metrics`)).text()).split('\n')
  const failed = lines.filter((line) => /^qasid_queue_jobs.*state="failed"/.test(line))
  expect(failed.length).toBeGreaterThan(names.length)
  expect(failed.filter((line) => !line.endsWith(' 0'))).toEqual([])
})
