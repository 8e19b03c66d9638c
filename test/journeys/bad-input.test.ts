/** Bad input gets a clear answer and loses nothing: what others send us, what is in the book, what the store does. */
import { createHmac } from 'node:crypto'
import type { CommunicationRequest } from 'fhir/r4'
import { afterEach, describe, expect, it } from 'vitest'
import { borrowDemo } from './open-demo.ts'
import { attemptsOf, codesOf, patientMessages, requestsAbout } from './records.ts'
import { hoursAhead } from './stranger.ts'
import { until } from './until.ts'

const demo = borrowDemo()
afterEach(() => demo().stranger.behave())

const json = { 'content-type': 'application/json' }

/** Status and sentence; whatever the sentence, it tells nothing of our inside. */
async function refusal(path: string, init: RequestInit): Promise<number> {
  const answer = await fetch(demo().urls.qasid + path, init)
  const body = await answer.text()
  expect(Object.keys(JSON.parse(body))).toEqual(['error'])
  expect(body).not.toMatch(/node_modules|\.ts\b|\n\s+at |secret|Journey|\+97155/i)
  return answer.status
}

async function countedMore(label: string, act: () => Promise<void>): Promise<void> {
  const before = await demo().counted('refused', label)
  await act()
  await until(`"${label}" is counted`, async () => (await demo().counted('refused', label)) > before)
}

/** Of several, each with a secret of its own. */
async function aboutVisits() {
  const all = await demo().stranger.search('Subscription', { status: 'active' })
  return all.find(({ criteria }) => criteria.startsWith('Appointment?'))
}

async function hostSecret(): Promise<Record<string, string>> {
  const subscription = await aboutVisits()
  const lines = (subscription?.channel.header ?? []).map((line) => line.split(/:\s*(.*)/).slice(0, 2))
  return Object.fromEntries(lines)
}

describe('A notification', () => {
  const visit = JSON.stringify({ resourceType: 'Appointment', id: 'journey', status: 'booked' })
  const put = (path: string, headers: Record<string, string>, body = visit) =>
    refusal(path, { method: 'PUT', headers: { ...json, ...headers }, body })
  const good = '/notify/sample-clinic/appointments/Appointment/journey'

  it('without the secret, or with another one, is refused and counted', async () => {
    await countedMore('notification-unsigned', async () => expect(await put(await path(), {})).toBe(401))
    const wrong = Object.fromEntries(Object.keys(await hostSecret()).map((name) => [name, 'wrong']))
    await countedMore('notification-unsigned', async () => expect(await put(await path(), wrong)).toBe(401))
  })

  it('that is cut off, or about something else, is refused and counted', async () => {
    const secret = await hostSecret()
    await countedMore('notification-malformed', async () =>
      expect(await put(await path(), secret, visit.slice(0, 30))).toBe(400),
    )
    const other = (await path()).replace('Appointment', 'Observation')
    await countedMore('notification-malformed', async () => expect(await put(other, secret)).toBe(400))
  })

  it('for an unknown install or subscription finds nothing', async () => {
    const secret = await hostSecret()
    expect(await put(good.replace('sample-clinic', 'elsewhere'), secret)).toBe(404)
    expect(await put(good.replace('/appointments/', '/nothing/'), secret)).toBe(404)
    expect(await put((await path()).replace('sample-clinic', 'elsewhere'), secret)).toBe(404)
  })

  async function path(): Promise<string> {
    const subscription = await aboutVisits()
    return `${new URL(subscription?.channel.endpoint ?? '').pathname}/Appointment/journey`
  }
})

describe('A webhook', () => {
  const path = '/webhooks/sample-clinic/sms'
  const sign = (body: string, secret: string) => ({
    'x-mock-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  })
  const post = (to: string, body: string, headers: Record<string, string> = {}) =>
    refusal(to, { method: 'POST', headers: { ...json, ...headers }, body })
  const inbound = () =>
    JSON.stringify({
      type: 'message',
      id: 'SBjourney',
      channel: 'sms',
      from: '+971559999999',
      to: '+15550100002',
      text: '1',
      at: new Date().toISOString(),
    })

  it('without a signature, or with one of another secret or body, is refused and counted', async () => {
    const body = inbound()
    const { webhookSecret } = demo()
    for (const headers of [{}, sign(body, 'another'), sign(body.slice(0, 40), webhookSecret)])
      await countedMore('webhook-unsigned', async () => expect(await post(path, body, headers)).toBe(401))
  })

  it('that is cut off is refused and counted, though its signature is right', async () => {
    const body = inbound().slice(0, 60)
    await countedMore('webhook-malformed', async () =>
      expect(await post(path, body, sign(body, demo().webhookSecret))).toBe(400),
    )
  })

  it('for an unknown install or sender finds nothing', async () => {
    const body = inbound()
    const signed = sign(body, demo().webhookSecret)
    expect(await post('/webhooks/elsewhere/sms', body, signed)).toBe(404)
    expect(await post('/webhooks/sample-clinic/pigeon', body, signed)).toBe(404)
  })

  it('with a message is told to come again while the store is down', async () => {
    const body = inbound()
    const signed = sign(body, demo().webhookSecret)
    await demo().stranger.misbehave({ answer: '500' })
    expect(await post(path, body, signed)).toBe(503)
  })
})

describe('An odd visit', () => {
  it('without a patient or a start is counted as unplannable, and stops nobody else’s reminder', async () => {
    const { stranger, phones } = demo()
    const patient = await stranger.admit()
    await stranger.book(patient, {
      participant: [{ actor: { reference: 'Practitioner/practitioner-saleh' }, status: 'accepted' }],
    })
    await stranger.book(patient, { status: 'pending', start: undefined, end: undefined })
    for (const reason of ['visit-without-patient', 'visit-without-start'])
      await until(`${reason} is counted`, async () => (await demo().counted('unplannable', reason)) > 0)

    await stranger.book(patient)
    await until('the good visit is reminded', async () => (await phones.inbox(patient.phone)).length === 1)
    await demo().settled()
    expect(await phones.inbox(patient.phone)).toHaveLength(1)
  })

  it('in a place without a zone is told on the clinic’s own clock', async () => {
    const { stranger, phones } = demo()
    const patient = await stranger.admit()
    const place = await stranger.create({ resourceType: 'Location', status: 'active', name: 'The annexe' })
    const start = hoursAhead(24)
    await stranger.book(patient, {
      start,
      participant: [
        { actor: { reference: patient.reference }, status: 'needs-action' },
        { actor: { reference: `Location/${place.id}` }, status: 'accepted' },
      ],
    })
    const [message] = await until('the reminder is on the phone', async () => {
      const inbox = await phones.inbox(patient.phone)
      return inbox.length > 0 && inbox
    })
    const inDubai = new Date(Date.parse(start) + 4 * 3_600_000)
    expect(message?.text).toContain('The annexe')
    expect(message?.text).toMatch(
      new RegExp(
        `\\b0?${inDubai.getUTCHours() % 12 || 12}:${inDubai.toISOString().slice(14, 16)}\\b|\\b${inDubai.toISOString().slice(11, 16)}\\b`,
      ),
    )
  })

  it('whose reminder lacks a value that the template needs is not told, and the chart says why', async () => {
    const { stranger, phones } = demo()
    const patient = await stranger.admit()
    const visit = await stranger.book(patient, { inHours: 72 })
    const [planned] = await until('it is planned', async () => {
      const found = await requestsAbout(stranger, visit)
      return found.length === 2 && found
    })
    const {
      id: _id,
      meta: _meta,
      payload: _payload,
      basedOn: _visit,
      about: _about,
      ...rest
    } = planned ?? absent
    await stranger.create<CommunicationRequest>({
      ...rest,
      resourceType: 'CommunicationRequest',
      identifier: [{ system: rest.identifier?.[0]?.system, value: `journey_${patient.phone.slice(1)}` }],
      extension: rest.extension?.filter(({ url }) => !url.endsWith('send-window')),
      occurrenceDateTime: new Date().toISOString(),
    })
    const notDone = await until('the chart says not-done', async () =>
      (await attemptsOf(stranger, patient)).find(({ status }) => status === 'not-done'),
    )
    expect(codesOf(notDone.statusReason)).toContain('missing-value')
    expect(await phones.inbox(patient.phone)).toEqual([])
  })
})

const absent: CommunicationRequest = { resourceType: 'CommunicationRequest', status: 'unknown' }

describe('A store with a bad day', () => {
  it.each([
    '500',
    'html',
    'nothing',
    'lost',
  ])('that answers %s delays a reminder and loses none', async (answer) => {
    const { stranger, phones } = demo()
    const patient = await stranger.admit()
    // Together or one by one: what is asked at the same time travels as a Bundle.
    for (const match of ['CommunicationRequest', 'Location', 'Bundle'])
      await stranger.misbehave({ answer, match })
    const visit = await stranger.book(patient)
    await until('it was tried again and again', async () => (await stranger.misbehaved()) > 3)
    await stranger.behave()
    await until('the reminder is on the phone', async () => (await phones.inbox(patient.phone)).length > 0)
    await demo().settled()
    expect(await phones.inbox(patient.phone)).toHaveLength(1)
    expect(await requestsAbout(stranger, visit)).toHaveLength(2)
  })

  it('makes the carrier repeat what a patient wrote until it is stored, once', async () => {
    const { stranger, phones } = demo()
    const patient = await stranger.admit()
    await stranger.book(patient)
    await until('the reminder is on the phone', async () => (await phones.inbox(patient.phone)).length > 0)
    await demo().settled()

    await stranger.misbehave({ answer: '500', match: 'Communication' })
    const written = await phones.write(patient.phone, 'whatsapp', '1')
    const state = async () => (await phones.thread(patient.phone)).find(({ id }) => id === written.id)?.status
    await until('the carrier keeps it', async () => (await state()) === 'waiting')
    await stranger.behave()
    await until('the clinic has it', async () => (await state()) === 'received')
    await until('it is answered', async () => (await phones.inbox(patient.phone)).length === 2)
    await demo().settled()
    expect(await patientMessages(stranger, patient)).toHaveLength(1)
    expect(await phones.inbox(patient.phone)).toHaveLength(2)
  })
})
