/**
 * Installs of one deployment with the same patients, the same phones, the same visits and senders of the same name. A
 * stranger has the keys of one and tries to see or change anything of the others. The tests are one story, in order.
 */
import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notificationSecret, systemClock } from '../../src/compose/deployment.ts'
import { createFileOffers } from '../../src/compose/file-offers.ts'
import { toAttempt } from '../../src/fhir/attempt.ts'
import { attemptsOf } from '../journeys/records.ts'
import { until } from '../journeys/until.ts'
import { attempt } from '../people.ts'
import { type Clinic, type Deployment, startDeployment } from './deployment.ts'
import { type Launched, launch, listen, openSession, sessionOf } from './launched.ts'
import {
  createCaller,
  kidsOf,
  rotateAsOperator,
  runAsOperator,
  type Signer,
  signedByCarrier,
  startSigner,
} from './operator-and-stranger.ts'
import { smallClinic, visitOf } from './small-clinic.ts'

const { people, resources } = smallClinic(['sara', 'omar'])
const [sara] = people as [(typeof people)[0]]
const about = 'Patient/sara'

let deployment: Deployment
let north: Clinic
let south: Clinic
let west: Clinic
let signer: Signer
let call: ReturnType<typeof createCaller>['call']
let post: ReturnType<typeof createCaller>['post']

beforeAll(async () => {
  signer = await startSigner('https://north.example')
  deployment = await startDeployment([
    { id: 'north', number: '+15550100101', resources, cds: [signer] },
    { id: 'south', number: '+15550100102', resources },
    { id: 'west', number: '+15550100103', resources, like: 'epic', isSidecar: true },
  ])
  ;[north, south, west] = deployment.clinics as [Clinic, Clinic, Clinic]
  ;({ call, post } = createCaller(deployment))
}, 120_000)
afterAll(async () => {
  signer?.stop()
  await deployment?.stop()
})

const inbox = async () => (await deployment.ledger()).filter(({ to }) => to === sara.mobile)
const statusOf = async (answer: Promise<Response>) => (await answer).status
const requestsIn = ({ atStore }: Clinic) => atStore.search('CommunicationRequest', { patient: about })
const wordsIn = async ({ atStore }: Clinic) => {
  const said = await atStore.search('Communication', { subject: about })
  return said
    .flatMap(({ payload = [] }) => payload.flatMap(({ contentString }) => contentString ?? []))
    .join()
}
const saysNo = async ({ atStore }: Clinic) => {
  const consents = await atStore.search('Consent', { patient: about, status: 'active' })
  return consents.some(({ provision }) => provision?.type === 'deny')
}

/** Something was said there, and all of it has arrived. */
const isTold = async ({ atStore }: Clinic) => {
  const attempts = await attemptsOf(atStore, { reference: about, phone: sara.mobile })
  const states = attempts.map(({ status }) => status).filter((status) => status !== 'not-done')
  return states.length > 0 && states.every((status) => status === 'completed')
}

/** Everything that stands anywhere but in the north. */
const others = async () => ({
  south: await south.recordsOf(south.host),
  west: await west.recordsOf(west.host),
  beside: await west.recordsOf(west.store),
})

describe('what happens in one install', () => {
  it('happens there alone: a visit is booked, reminded, confirmed, and the patient says STOP', async () => {
    const before = await others()
    const inSouth = await launch(deployment, south, 'sara')
    const inNorth = await launch(deployment, north, 'sara')
    const there = await listen(deployment, await sessionOf(deployment, south, 'sara', inSouth))
    const here = await listen(deployment, await sessionOf(deployment, north, 'sara', inNorth))

    await north.put(visitOf(sara))
    await until('the patient is reminded', async () =>
      (await inbox()).some(({ status }) => status === 'delivered'),
    )
    await deployment.phones.write(sara.mobile, 'sms', '1')
    await until('the answer is on file', async () => {
      const answers = await north.atStore.search('AppointmentResponse', { actor: about })
      return answers.length > 0
    })
    await deployment.phones.write(sara.mobile, 'sms', 'STOP')
    await until('no is on file', () => saysNo(north))
    await until('nothing is under way', () => isTold(north))

    expect(new Set((await inbox()).map(({ from }) => from))).toEqual(new Set([north.number]))
    expect(here.heard()).toMatch(/CommunicationRequest\/.*Communication\//s)
    expect(there.heard()).toBe('')
    expect(await others()).toEqual(before)
    for (const stream of [here, there]) stream.stop()
  })

  it('is counted there alone', async () => {
    const lines = (await (await call('/metrics')).text()).split('\n')
    const counted = lines.filter((line) => /^qasid_counted_total.*what="(sent|received|delivery)"/.test(line))
    expect(counted.length).toBeGreaterThan(2)
    expect(counted.filter((line) => !line.includes('install="north"'))).toEqual([])
  })

  it('leaves the other’s permit as it was: the same visit there is reminded, from its own number', async () => {
    await south.put(visitOf(sara))
    await north.put(visitOf(sara, 'visit-later'))
    await until('the south reminds', () => isTold(south))
    expect((await inbox()).filter(({ from }) => from === south.number)).toHaveLength(1)
    expect([await saysNo(south), await saysNo(north)]).toEqual([false, true])
    const later = await until('the north has judged', async () =>
      (await requestsIn(north)).find(({ status, basedOn }) => status === 'revoked' && basedOn),
    )
    expect(later.statusReason?.coding?.[0]?.code).toBe('opted-out')
    for (const { from, text } of await inbox())
      expect(text).not.toContain(from === north.number ? 'Clinic south' : 'Clinic north')
  })
})

describe('with what the north gave out, of the south there is', () => {
  it('no message by its API key', async () => {
    const [request] = await requestsIn(south)
    const path = `/api/messages/${request?.id}`
    expect(await statusOf(call(path, { bearer: south.apiKey }))).toBe(200)
    expect(await statusOf(call(path, { bearer: north.apiKey }))).toBe(404)
    expect(await statusOf(post(`${path}/retry`, {}, { bearer: north.apiKey }))).toBe(404)
    const senders = await (await call('/api/senders', { bearer: north.apiKey })).text()
    expect(senders).not.toContain(south.number)
  })

  it('no session by its id_token, nor anything by one of its sessions', async () => {
    const launched = await launch(deployment, north, 'sara')
    const asked = { iss: south.host.fhirUrl, idToken: launched.idToken, patient: about }
    expect(await statusOf(openSession(deployment, asked))).toBe(401)
    const { token, clinic } = await sessionOf(deployment, north, 'sara', launched)
    expect(clinic.senders.map(({ address }) => address)).toEqual([north.number])
    const before = await others()
    const [request] = await requestsIn(south)
    const nudge = { request: `CommunicationRequest/${request?.id}` }
    expect(await statusOf(post('/api/nudge', nudge, { bearer: token }))).toBe(202)
    expect(await statusOf(call('/api/chart/Communication', { bearer: token }))).toBe(404)
    expect(await statusOf(call('/api/senders', { bearer: token }))).toBe(401)
    expect(await others()).toEqual(before)
  })

  it('no notification by its secret', async () => {
    const tell = (install: string, secretOf: string) => {
      const secret = notificationSecret(deployment.config, secretOf, 'appointments')
      return post(`/notify/${install}/appointments`, '', { headers: { 'x-qasid-secret': secret } })
    }
    expect(await statusOf(tell('north', 'north'))).toBe(200)
    expect(await statusOf(tell('south', 'north'))).toBe(401)
  })

  it('no answer by its carrier’s webhook, though the account and its secret are the same', async () => {
    const before = await others()
    const body = JSON.stringify({
      ...{ type: 'message', id: 'SB-to-the-north', channel: 'sms', from: sara.mobile, to: north.number },
      ...{ text: 'STOP', at: new Date().toISOString() },
    })
    const headers = signedByCarrier(deployment, body)
    expect(await statusOf(post('/webhooks/south/sms', body, { headers }))).toBe(200)
    expect([await others(), await saysNo(south)]).toEqual([before, false])
  })

  it('no advice by its EMR’s signature', async () => {
    const place = '/cds-services/unread-messages'
    const ask = async ({ host }: Clinic) => {
      const context = { patientId: 'sara', userId: 'Practitioner/practitioner-saleh' }
      const asked = { hook: 'patient-view', hookInstance: randomUUID(), fhirServer: host.fhirUrl, context }
      return post(place, asked, { bearer: await signer.sign(`${deployment.url}${place}`) })
    }
    expect(await statusOf(ask(north))).toBe(200)
    expect(await statusOf(ask(south))).toBe(403)
  })

  it('no file by a link, though attempt and file have the same ids there', async () => {
    const file = 'DocumentReference/letter'
    const attachment = { contentType: 'text/plain', data: Buffer.from('Of the north').toString('base64') }
    await north.put({
      ...{
        resourceType: 'DocumentReference',
        id: 'letter',
        status: 'current',
        subject: { reference: about },
      },
      content: [{ attachment }],
    })
    await north.put({ ...toAttempt(attempt({ patient: about, file: { reference: file } })), id: 'told' })
    const offers = createFileOffers(deployment.config, systemClock)
    const { attemptId } = attempt()
    const open = (install: string) => fetch(offers.offerFor(install)({ attemptId, file }))
    expect(await (await open('north')).text()).toBe('Of the north')
    expect(await statusOf(open('south'))).toBe(404)
  })

  it('no key: each signs with its own, and rotates alone', async () => {
    const [ofNorth, ofSouth] = [await kidsOf(deployment, north), await kidsOf(deployment, south)]
    expect(ofNorth.filter((kid) => ofSouth.includes(kid))).toEqual([])
    expect(await rotateAsOperator(deployment, north)).toBe(0)
    expect(await kidsOf(deployment, north)).not.toEqual(ofNorth)
    expect(await kidsOf(deployment, south)).toEqual(ofSouth)
  })
})

describe('an admin of one install', () => {
  it('changes its settings, and no other’s', async () => {
    const [settings] = await south.atStore.search('Basic', {})
    if (!settings) throw new Error('The south has no settings.')
    const text = JSON.stringify(settings)
    await south.put(JSON.parse(text.replace('Clinic south', 'Clinic by the sea')))
    const name = async (clinic: Clinic) => {
      const launched = await launch(deployment, clinic, 'omar')
      return (await sessionOf(deployment, clinic, 'omar', launched)).clinic.name
    }
    await until('the new name is told', async () => (await name(south)) === 'Clinic by the sea')
    expect(await name(north)).toBe('Clinic north')
  })

  it('removes what was said with a patient there, and nowhere else', async () => {
    const before = await others()
    expect([await wordsIn(north), await wordsIn(south)]).toEqual([
      expect.stringContaining('Clinic north'),
      expect.stringContaining('Clinic south'),
    ])
    const forgotten = await runAsOperator(deployment, 'forget', north, ['--patient', about, '--yes'])
    expect(forgotten).toEqual([0, expect.stringContaining('Emptied')])
    expect((await runAsOperator(deployment, 'retention', north))[0]).toBe(0)
    expect(await wordsIn(north)).toBe('')
    expect(await others()).toEqual(before)
  })
})

describe('an install whose records stand beside its host', () => {
  let launched: Launched
  it('keeps them there, and shows them to its own clinicians only', async () => {
    const [inNorth, inSouth] = [await north.recordsOf(north.host), await south.recordsOf(south.host)]
    const order = { to: 'Patient/omar', text: 'Of the west' }
    const written = await post('/api/messages', order, { bearer: west.apiKey })
    expect(written.status).toBe(201)
    const { messages } = (await written.json()) as { messages: { id: string }[] }
    await until('it is sent', async () =>
      (await deployment.ledger()).some(({ from }) => from === west.number),
    )
    const [message] = messages
    for (const { apiKey } of [north, south])
      expect(await statusOf(call(`/api/messages/${message?.id}`, { bearer: apiKey }))).toBe(404)

    launched = await launch(deployment, west, 'omar')
    const { token } = await sessionOf(deployment, west, 'omar', launched)
    const chart = await (await call('/api/chart/Communication', { bearer: token })).text()
    expect(chart).toContain('Of the west')
    expect([await north.recordsOf(north.host), await south.recordsOf(south.host)]).toEqual([inNorth, inSouth])
  })

  it('opens to no clinician of another, whatever of their own they show', async () => {
    const theirs = await launch(deployment, south, 'omar')
    const asked = { iss: launched.iss, patient: 'Patient/omar' }
    const open = (shown: object) => statusOf(openSession(deployment, { ...asked, ...shown }))
    expect(await open({ idToken: theirs.idToken, accessToken: theirs.accessToken })).toBe(401)
    expect(await open({ idToken: launched.idToken, accessToken: theirs.accessToken })).toBe(403)
    const { token } = await sessionOf(deployment, south, 'omar', theirs)
    expect(await statusOf(call('/api/chart/Communication', { bearer: token }))).toBe(404)
    expect(await open({ idToken: theirs.idToken, accessToken: launched.accessToken, renews: token })).toBe(
      401,
    )
  })
})

describe('in Redis', () => {
  /** Of no install, and why. */
  const shared: [RegExp, string][] = [
    [/^qasid:\{workers\}(:|$)/, 'a worker works for all installs'],
    [/^qasid:\{taken\}:/, 'what may be used once is used up for all; a hash of its issuer and its id'],
    [/^qasid:\{NONE\}-tally$/, 'calls that belong to no install'],
  ]

  it('every key belongs to one install, or to none for a reason', async () => {
    const redis = new Redis(deployment.config.redisUrl)
    const keys = await redis.keys('*').finally(() => redis.disconnect())
    const own = (id: string) => keys.filter((key) => key.startsWith(`qasid:{${id}}-`))
    const rest = keys.filter((key) => !/^qasid:\{(north|south|west)\}-/.test(key))
    expect(rest.filter((key) => !shared.some(([pattern]) => pattern.test(key)))).toEqual([])
    expect(own('north').filter((key) => /south|west/.test(key))).toEqual([])
    expect(own('south').filter((key) => /north|west/.test(key))).toEqual([])
    for (const id of ['north', 'south', 'west']) expect(own(id).length).toBeGreaterThan(3)
  })
})
