/**
 * `npm run bench:first-message`: from the demo's start to a patient's first message, as a newcomer sees it. Several runs,
 * because machines are noisy; the yardstick is the target of a minute.
 */
import { performance } from 'node:perf_hooks'
import { startDemo } from '../sandbox/demo/start-demo.ts'

const runs = Number(process.argv[2] ?? 3)
const ports = { QASID_PORT: '18080', SANDBOX_EMR_PORT: '18081', SANDBOX_PHONE_PORT: '18082' }
const admin = { authorization: 'Bearer sandbox-admin', 'content-type': 'application/fhir+json' }
const phone = '+971501110001'

const { signal } = new AbortController()
const rows: { ready: number; message: number }[] = []
for (let run = 0; run < runs; run++) rows.push(await measure())

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
console.table([
  { what: 'start to ready, s', median: seconds(median(rows.map((one) => one.ready))), target: '' },
  { what: 'booking to phone, s', median: seconds(median(rows.map((one) => one.message))), target: '10' },
  {
    what: 'start to first message, s',
    median: seconds(median(rows.map((one) => one.ready + one.message))),
    target: '60',
  },
])

async function measure(): Promise<{ ready: number; message: number }> {
  const began = performance.now()
  const demo = await startDemo({ env: { ...process.env, ...ports }, args: [], say: () => {}, signal })
  const ready = performance.now() - began
  try {
    const booked = performance.now()
    await book()
    while ((await received()) === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    return { ready, message: performance.now() - booked }
  } finally {
    await demo.stop()
  }
}

async function book(): Promise<void> {
  const patient = await post('Patient', {
    name: [{ given: ['Mona'], family: 'Bench' }],
    telecom: [{ system: 'phone', value: phone }],
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'en' }] } }],
  })
  const coding = (system: string, code: string) => ({ coding: [{ system, code }] })
  await post('Consent', {
    status: 'active',
    scope: coding('http://terminology.hl7.org/CodeSystem/consentscope', 'patient-privacy'),
    category: [coding('https://qasid.dev/fhir/CodeSystem/consent-category', 'messaging')],
    patient: { reference: `Patient/${patient}` },
    dateTime: new Date().toISOString(),
    provision: {
      type: 'permit',
      code: [coding('http://terminology.hl7.org/CodeSystem/v3-ParticipationMode', 'SMSWRIT')],
    },
  })
  const start = new Date(Date.now() + 86_400_000)
  await post('Appointment', {
    status: 'booked',
    start: start.toISOString(),
    end: new Date(start.getTime() + 1_800_000).toISOString(),
    participant: [{ actor: { reference: `Patient/${patient}` }, status: 'needs-action' }],
  })
}

async function post(type: string, resource: object): Promise<string> {
  const answer = await fetch(`http://localhost:${ports.SANDBOX_EMR_PORT}/fhir/${type}`, {
    method: 'POST',
    headers: admin,
    body: JSON.stringify({ resourceType: type, ...resource }),
  })
  return ((await answer.json()) as { id: string }).id
}

async function received(): Promise<number> {
  const url = `http://localhost:${ports.SANDBOX_PHONE_PORT}/api/phones/${encodeURIComponent(phone)}/messages`
  return ((await (await fetch(url)).json()) as unknown[]).length
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2)
}
