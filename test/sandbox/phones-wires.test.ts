/** What every company's wire gets of the carrier behind it, shown on a company that nobody has heard of. */
import express, { Router } from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sandbox } from '../../sandbox/carriers/sandbox.ts'
import { type Phones, type PhonesOptions, startPhones } from '../../sandbox/phones/start-phones.ts'
import type { CarrierDesk, Wire, WireCall } from '../../sandbox/phones/wire.ts'
import { type ClinicStub, createPhone, eventually, startClinicStub, token } from './phones-clinic-stub.ts'

const address = '+15550100009'
const patient = '+971500000018'
let desk: CarrierDesk
let clinic: ClinicStub
let phones: Phones

const told = (url: string, event: object): WireCall => ({ url, headers: {}, body: JSON.stringify(event) })

const pigeon: Wire = {
  ...{ id: 'pigeon', mindsWindow: true },
  newId: () => `coo-${++eggs}`,
  routes(given) {
    desk = given
    const router = Router()
    router.post('/send', express.json(), (request, response) =>
      desk.carry(request, response, {
        parse: () => ({ kind: 'request', request: { channel: 'whatsapp', text: '', ...request.body } }),
        taken: ({ id }) => ({ status: 202, headers: { 'x-bird': 'away' }, body: id }),
        refused: ({ code }) => ({ status: 418, body: { bird: code } }),
      }),
    )
    return router
  },
  statusCall: ({ id, callbackUrl }, { status }) =>
    status === 'queued' ? undefined : told(callbackUrl, { id, status }),
  inboundCall: ({ id, text }, { inboundUrl }, { loft = '' }) => told(inboundUrl, { id, text, loft }),
  templateCall: ({ name, status, because }, { inboundUrl }) => told(inboundUrl, { name, status, because }),
}
let eggs = 0

const start = (more: Partial<PhonesOptions> = {}) =>
  startPhones({
    ...{ port: 0, token, pace: { queuedFor: 2, sentFor: 2, readFor: 2 } },
    wires: [
      { wire: sandbox, account: { token, webhookSecret: 's' } },
      { wire: pigeon, account: { loft: 'north' } },
    ],
    senders: [{ address, wire: 'pigeon', channel: 'whatsapp', inboundUrl: `${clinic.url}/fixed` }],
    ...more,
  })

beforeEach(async () => {
  eggs = 0
  clinic = await startClinicStub()
  phones = await start()
})

afterEach(async () => {
  await phones.stop()
  await clinic.stop()
})

const phone = createPhone(() => phones, patient)
const post = (path: string, body: object, bearer = token) =>
  fetch(phones.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify(body),
  })
const send = (wish: object = {}) =>
  post('/pigeon/send', { from: address, to: patient, text: 'Hello', ...wish })
const witness = async (query = '') => (await fetch(`${phones.url}/api/ledger${query}`)).json()
const visit = {
  name: 'visit',
  language: 'en',
  category: 'UTILITY',
  body: 'Hello {{1}}, at {{2}}; bye {{1}}.',
}

describe('a send', () => {
  it('is taken and refused in the company’s own words, under the company’s own id', async () => {
    await phone.reply({ channel: 'whatsapp', text: 'Hi' })
    const response = await send()
    expect([response.status, response.headers.get('x-bird')]).toEqual([202, 'away'])
    expect(await response.text()).toBe('coo-2')
    const refused = await send({ to: '+15005550001' })
    expect([refused.status, await refused.json()]).toEqual([418, { bird: 'invalid-recipient' }])
  })

  it('is told of at the fixed webhook of a company that takes no callback URL, as far as the company tells', async () => {
    await send({ to: '+15005550014' })
    await eventually(() => expect(clinic.webhooks.map(({ event }) => event.status)).toEqual(['sent']))
    expect(clinic.webhooks[0]?.url).toBe('/fixed')
  })

  it('is found by its id, its correlation, and by whom it went to', async () => {
    await send({ to: '+15005550014', correlation: 'a-1' })
    await send({ to: '+15005550015', correlation: 'a-2' })
    expect(desk.find({ id: 'coo-1' })).toMatchObject([{ to: '+15005550014' }])
    expect(desk.find({ correlation: 'a-2' })).toMatchObject([{ id: 'coo-2' }])
    expect(desk.find({ to: '+15005550014', from: address })).toMatchObject([{ id: 'coo-1' }])
    expect(desk.find({ id: 'coo-1', correlation: 'a-2' })).toEqual([])
    expect(desk.find({})).toHaveLength(2)
  })

  it('stands in the ledger of all carriers with its attempt, from wherever that is known', async () => {
    await send({ to: '+15005550014', correlation: 'a-1' })
    await send({ to: '+15005550014', callbackUrl: `${clinic.url}/hook?attempt=a-2` })
    expect(await witness()).toMatchObject([{ attempt: 'a-1', wire: 'pigeon' }, { attempt: 'a-2' }])
    expect(await witness('?attempt=a-2')).toMatchObject([{ id: 'coo-2', text: 'Hello' }])
  })
})

describe('the WhatsApp window', () => {
  it('is shut until the patient writes to this number', async () => {
    expect(await (await send()).json()).toEqual({ bird: 'outside-window' })
    await phone.reply({ channel: 'whatsapp', text: 'Hi' })
    expect((await send()).status).toBe(202)
  })

  it('lets a template through', async () => {
    desk.templates.submit(visit)
    const values = ['Sara', '10:30']
    expect((await send({ text: '', template: { name: 'visit', language: 'en', values } })).status).toBe(202)
    expect(await phone.messages()).toMatchObject([{ text: 'Hello Sara, at 10:30; bye Sara.' }])
    expect(await witness()).toMatchObject([{ template: { name: 'visit', values } }])
  })
})

describe('an answer', () => {
  it('is refused on a channel by which the company brings none', async () => {
    await phones.stop()
    const deaf: Wire = { ...pigeon, bringsAnswersBy: [] }
    phones = await start({ wires: [{ wire: deaf, account: {} }] })
    const response = await phone.reply({ channel: 'whatsapp', text: 'Hi' })
    expect([response.status, (await response.json()).code]).toEqual([409, 'unknown-sender'])
    expect(await phone.messages()).toEqual([])
  })
})

describe('a template', () => {
  const judge = (body: object, bearer?: string) => post('/carrier/templates/visit/judge', body, bearer)
  const decisions = () => clinic.webhooks.map(({ event }) => [event.status, event.because])

  it('waits until it is judged, and the clinic is told', async () => {
    const { id } = desk.templates.submit(visit)
    expect(desk.templates.find({ id })).toMatchObject({ status: 'pending', name: 'visit' })
    expect((await judge({ decision: 'reject', because: 'PROMOTIONAL' })).status).toBe(200)
    expect(desk.templates.find({ name: 'visit', language: 'en' })).toMatchObject({ status: 'rejected' })
    await judge({ decision: 'approve' })
    expect(desk.templates.all()).toMatchObject([{ id, status: 'approved' }])
    const listed = await fetch(`${phones.url}/api/templates`)
    expect(await listed.json()).toMatchObject([{ id, name: 'visit', status: 'approved' }])
    await eventually(() =>
      expect(decisions()).toEqual(
        expect.arrayContaining([
          ['rejected', 'PROMOTIONAL'],
          ['approved', undefined],
        ]),
      ),
    )
  })

  it('is judged by nobody else, in no other words, and only where it is', async () => {
    desk.templates.submit(visit)
    expect((await judge({ decision: 'approve' }, 'another')).status).toBe(401)
    expect((await judge({ decision: 'perhaps' })).status).toBe(400)
    expect((await post('/carrier/templates/none/judge', { decision: 'approve' })).status).toBe(404)
  })

  it('is approved by itself where that was wished', async () => {
    await phones.stop()
    phones = await start({ approvedAfter: 5 })
    desk.templates.submit(visit)
    await eventually(() => expect(decisions()).toEqual([['approved', undefined]]))
  })
})

describe('a company that does not speak HTTP', () => {
  it('has a port of its own, and ends with the others', async () => {
    await phones.stop()
    const ended: string[] = []
    const mail: Wire = {
      ...{ id: 'mail', statusCall: () => undefined, inboundCall: pigeon.inboundCall },
      listen: async (_desk, port) => ({ port: port || 2525, stop: async () => void ended.push('mail') }),
    }
    const senders = [
      { address: 'a@clinic.example', wire: 'mail', channel: 'email' as const, inboundUrl: clinic.url },
    ]
    phones = await start({ wires: [{ wire: mail, account: {} }], senders })
    expect(phones.ports).toEqual({ mail: 2525 })
    await phones.stop()
    expect(ended).toEqual(['mail'])
    phones = await start({ wires: [{ wire: mail, account: { port: '2526' } }], senders })
    expect(phones.ports).toEqual({ mail: 2526 })
  })
})
