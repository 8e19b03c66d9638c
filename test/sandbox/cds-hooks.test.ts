/** The sandbox EMR asks us by CDS Hooks while its user books a visit or opens a chart, and shows what we say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleClinic } from '../../sandbox/clinic/sample-clinic.ts'
import { type Emr, startEmr } from '../../sandbox/emr/start-emr.ts'
import { standardTemplates } from '../../src/domain/standard-templates.ts'
import { instant } from '../../src/domain/time.ts'
import { fixedToken } from '../../src/emr/backend-token.ts'
import { createCdsClientTokens } from '../../src/emr/cds-client-token.ts'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { toInbound } from '../../src/fhir/inbound.ts'
import { advise } from '../../src/flows/advise.ts'
import { createClinicShelf } from '../../src/flows/clinic-shelf.ts'
import type { World } from '../../src/flows/ports.ts'
import { prepareInstall } from '../../src/flows/prepare-install.ts'
import { clinicSettings, createWorld } from '../fakes/world.ts'
import { startWeb, type Web } from '../http/web-under-test.ts'
import { inbound } from '../people.ts'

const now = () => instant(Date.now())
const today = new Date()

let web: Web
let emr: Emr
let world: World
beforeAll(async () => {
  const fake = await createWorld()
  web = await startWeb()
  web.parts.baseUrl = web.url
  const resources = sampleClinic({ seed: 20_260, today })
  emr = await startEmr({ port: 0, qasidUrl: web.url, resources, retryDelays: [] })
  const host = createEmr({ baseUrl: emr.fhirUrl, token: fixedToken('sandbox-admin') }, { now })
  world = { ...fake.world, host, store: host, now, clinic: createClinicShelf('clinic', host, now) }
  await prepareInstall(world, clinicSettings, standardTemplates)

  const taken = new Set<string>()
  web.install.fhirBase = emr.fhirUrl
  web.install.advise = (ask) => advise(world, ask)
  web.parts.verifyCdsToken = createCdsClientTokens({
    clients: [{ install: web.install.id, iss: emr.url, jku: `${emr.url}/cds/jwks`, algs: ['ES384'] }],
    takeOnce: async (mark) => !taken.has(mark) && taken.add(mark) !== undefined,
    now,
  }).verify
}, 60_000)
afterAll(() => Promise.all([web.stop(), emr.stop()]))

async function cards(patient: string, form?: Record<string, string>): Promise<string> {
  const query = form ? `booking?${new URLSearchParams(form)}` : 'chart'
  return (await fetch(`${emr.url}/patients/${patient}/cards/${query}`)).text()
}

/** On a busy machine the first answers may come too late. */
async function cardsInTime(...asked: Parameters<typeof cards>): Promise<string> {
  await expect.poll(() => cards(...asked), { timeout: 15_000 }).not.toBe('')
  return cards(...asked)
}

/** As the chart's own form would send it. */
async function draft(patient: string): Promise<Record<string, string>> {
  const page = await (await fetch(`${emr.url}/patients/${patient}`)).text()
  const first = (name: string) =>
    new RegExp(`<select name="${name}"[^>]*>\\s*<option value="([^"]+)"`).exec(page)?.[1] ?? ''
  const date = new Date(today.getTime() + 5 * 86_400_000).toISOString().slice(0, 10)
  const [location, practitioner, service] = ['location', 'practitioner', 'service'].map(first)
  expect(page).toContain(`data-cards="/patients/${patient}/cards/booking"`)
  expect(page).toContain(`data-cards="/patients/${patient}/cards/chart"`)
  return {
    date,
    time: '10:00',
    location: location ?? '',
    practitioner: practitioner ?? '',
    service: service ?? '',
  }
}

describe('while a visit is booked in the sandbox EMR', () => {
  it.each([
    ['patient-no-consent', 'There is no consent for this channel.'],
    ['patient-opted-out', 'The patient opted out.'],
    ['patient-invalid-number', 'The address on file is not a valid one.'],
    ['patient-landline', 'The number is a landline and cannot receive this.'],
    ['patient-deceased', 'The patient has died.'],
  ])('%s will not be reminded: %s', async (patient, reason) => {
    const shown = await cardsInTime(patient, await draft(patient))
    expect(shown).toContain('No reminder will reach this patient.')
    expect(shown).toContain(reason)
    expect(shown).toContain(`href="/patients/${patient}/launch"`)
  })

  it('a patient who can be reached gets no card', async () => {
    expect(await cards('patient-sms-only', await draft('patient-sms-only'))).toBe('')
  })

  it('a form that is half filled in is not asked about', async () => {
    const { date: _date, ...half } = await draft('patient-no-consent')
    expect(await cards('patient-no-consent', half)).toBe('')
  })

  it('the card’s link launches Messages for this patient', async () => {
    const launch = await fetch(`${emr.url}/patients/patient-no-consent/launch`, { redirect: 'manual' })
    expect(launch.headers.get('location')).toContain(`${web.url}/launch?iss=`)
  })
})

describe('when a chart is opened in the sandbox EMR', () => {
  it('what the patient wrote is counted, and not shown', async () => {
    expect(await cards('patient-sms-only')).toBe('')
    const message = inbound({
      patient: 'Patient/patient-sms-only',
      receivedAt: now(),
      sentAt: now(),
      text: 'My knee',
    })
    await world.store.create(toInbound({ ...message, reference: undefined, handled: true }))
    const shown = await cardsInTime('patient-sms-only')
    expect(shown).toContain('A message from this patient waits for an answer.')
    expect(shown).not.toContain('My knee')
  })
})

describe('the EMR’s user', () => {
  it('waits for less than 500 ms', async () => {
    const wishes = await draft('patient-no-consent')
    await cardsInTime('patient-no-consent', wishes)
    const took: number[] = []
    for (let time = 0; time < 20; time += 1) {
      const begun = performance.now()
      await cards('patient-no-consent', time % 2 === 0 ? wishes : undefined)
      took.push(performance.now() - begun)
    }
    const [median, slowest] = [took.toSorted((a, b) => a - b)[10] ?? 0, Math.max(...took)]
    console.log(
      `CDS Hooks from the sandbox: median ${median.toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms`,
    )
    expect(median).toBeLessThan(500)
  })

  it('misses nothing but the card while we are away, or do not know the EMR', async () => {
    const wishes = await draft('patient-no-consent')
    const { verifyCdsToken } = web.parts
    web.parts.verifyCdsToken = async () => undefined
    expect(await cards('patient-no-consent', wishes)).toBe('')
    web.parts.verifyCdsToken = verifyCdsToken
    expect(await cardsInTime('patient-no-consent', wishes)).not.toBe('')
  })
})
