/** A session where our records stand beside the host: the host is asked first, and again. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createChartDesk } from '../../src/compose/chart-desk.ts'
import { session } from '../../src/contract/api.ts'
import { hour, minute } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { expectDocumented } from './documented.ts'
import { iss, startWeb, type Web } from './web-under-test.ts'

const asked = { iss, idToken: 'good', patient: 'Patient/ada', accessToken: 'access' }

let web: Web
let world: FakeWorld
/** What the host was asked, and what it answers. */
let questions: unknown[]
let shown: () => boolean
beforeEach(async () => {
  world = await createWorld({}, { hostCan: () => false })
  web = await startWeb()
  questions = []
  shown = () => true
  web.install.chart = {
    ...createChartDesk(world.world, { fhirBase: iss }),
    async mayOpen(...question) {
      questions.push(question)
      return shown()
    },
  }
})
afterEach(() => web.stop())

async function open(differs: object = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(`${web.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...asked, ...differs }),
  })
  const text = await response.text()
  expectDocumented('POST', '/api/session', response.status, text)
  return { status: response.status, text }
}

const openedWith = async (differs: object = {}) => session.parse(JSON.parse((await open(differs)).text))

describe('a session beside the host', () => {
  it('is opened when the host shows the patient to this user, and says where our records are', async () => {
    expect(await openedWith()).toMatchObject({ install: 'sample-clinic', chart: 'gateway' })
    expect(questions).toEqual([['Patient/ada', { accessToken: 'access', subject: 'Practitioner/mona' }]])
  })

  it('knows who the user is at the host, where the id_token says', async () => {
    web.install.verifyIdToken = async () => ({ subject: 'mona', fhirUser: 'Practitioner/m1' })
    const { token } = await openedWith()
    expect(await web.parts.sessions.read(token)).toMatchObject({ user: 'mona', fhirUser: 'Practitioner/m1' })
  })

  it('leaves one record of the opening, and none of its renewals', async () => {
    const { token } = await openedWith()
    await openedWith({ renews: token })
    const [event, ...more] = world.emr.all('AuditEvent')
    expect(event).toMatchObject({
      ...{ action: 'R', subtype: [{ code: 'open' }], entity: [{ what: { reference: 'Patient/ada' } }] },
      agent: [{ requestor: true, altId: 'Practitioner/mona' }, {}],
    })
    expect(more).toEqual([])
  })

  it('ends after ten minutes, and is renewed when the host still says yes, also when the id_token is over', async () => {
    const { token } = await openedWith()
    web.passTime(10 * minute)
    expect(await web.parts.sessions.read(token)).toBeUndefined()
    const next = await openedWith({ renews: token, idToken: 'over' })
    expect(await web.parts.sessions.read(next.token)).toMatchObject({ user: 'Practitioner/mona' })
    shown = () => false
    expect((await open({ renews: next.token })).status).toBe(403)
  })

  it('is renewed for a day’s work, and no longer', async () => {
    let { token } = await openedWith()
    for (let nth = 0; nth < 11; nth += 1) {
      web.passTime(hour)
      token = (await openedWith({ renews: token, idToken: 'over' })).token
    }
    web.passTime(hour)
    expect((await open({ renews: token, idToken: 'over' })).status).toBe(401)
  })

  it.each<[string, object, number]>([
    ['without the clinician’s own token', { accessToken: undefined }, 428],
    ['with a forged id_token', { idToken: 'forged' }, 401],
    ['with a session that is none', { idToken: 'over', renews: 'none' }, 401],
    ['for what is no reference', { patient: 'Ada' }, 400],
  ])('%s is refused before the host is asked', async (_what, differs, status) => {
    expect((await open(differs)).status).toBe(status)
    expect(questions).toEqual([])
  })

  it('is not renewed from another patient’s, another install’s, or one of an hour', async () => {
    const { token } = await openedWith()
    const facts = { install: 'sample-clinic', user: 'mona', patient: 'Patient/ada' }
    const ofAnHour = await web.parts.sessions.open(facts)
    const term = { lastsFor: minute, renewableUntil: web.parts.now() }
    const elsewhere = await web.parts.sessions.open({ ...facts, install: 'elsewhere' }, term)
    const tries = [
      { renews: token, patient: 'Patient/omar' },
      { renews: ofAnHour.token },
      { renews: elsewhere.token },
    ]
    for (const one of tries) expect((await open({ ...one, idToken: 'over' })).status).toBe(401)
  })

  it('is refused where the host does not show the patient, in a sentence that tells nothing', async () => {
    shown = () => false
    const { status, text } = await open()
    expect([status, JSON.parse(text)]).toEqual([403, { error: 'The EMR does not show you this patient.' }])
    expect(world.emr.all('AuditEvent')).toEqual([])
  })

  it('is put off while the host cannot say', async () => {
    shown = () => {
      throw new EmrError('the host does not answer')
    }
    expect((await open()).status).toBe(503)
  })
})

describe('a session where the host keeps the records', () => {
  it('asks for no token, and takes none', async () => {
    delete web.install.chart
    const opened = await openedWith()
    expect(opened.chart).toBe('host')
    expect((await open({ renews: opened.token, idToken: 'over' })).status).toBe(401)
    expect(questions).toEqual([])
  })
})
