/** The skeleton's journey through each company's own wire: booked, reminded, answered, in the chart; and nothing twice. */
import { describe, expect, it } from 'vitest'
import { borrowDemo, type OpenDemo } from './open-demo.ts'
import { attemptIdOf, attemptsOf } from './records.ts'
import type { NewPatient, Stranger } from './stranger.ts'
import { until } from './until.ts'

interface Case {
  carrier: string
  /** How the reminder comes. */
  channel: 'sms' | 'whatsapp' | 'email'
  /** Whether the patient writes first, so that our own words may be sent. */
  writesFirst?: boolean
  /** Whether its reminders need a template that the company has approved. */
  needsApproval?: boolean
  /** Whether files go both ways. */
  files?: boolean
}

const cases: Case[] = [
  { carrier: 'sandbox', channel: 'whatsapp', files: true },
  { carrier: 'twilio', channel: 'whatsapp', needsApproval: true, files: true },
  { carrier: 'meta', channel: 'whatsapp', needsApproval: true, files: true },
  // It takes no template by its API: an admin's are in its console, and the demo has none.
  { carrier: 'unifonic', channel: 'whatsapp', writesFirst: true },
  { carrier: 'smtp', channel: 'email', files: true },
]

describe.each(cases)('Through $carrier', (one) => {
  const { carrier, channel, writesFirst, needsApproval, files = false } = one
  const demo = borrowDemo(() => ({ args: ['--carrier', carrier] }))

  it('a visit is booked, the patient reminded once and answers 1, and the chart has it', async () => {
    const { stranger, phones, settled } = demo()
    if (needsApproval) await approved(demo())
    const { patient, address } = await admit(demo(), channel)
    if (writesFirst) {
      await phones.write(address, channel, 'Hello')
      await until('the chart knows who wrote', async () => (await inboundOf(stranger, patient)).length === 1)
    }
    const visit = await stranger.book(patient)
    const reminder = await until('the reminder is there', async () => (await phones.inbox(address)).at(0))
    expect(reminder).toMatchObject({ channel, text: expect.stringContaining('Robin,') })
    const attempt = await until('the chart holds a completed message', async () =>
      (await attemptsOf(stranger, patient)).find(({ status }) => status === 'completed'),
    )
    await settled()
    expect(await phones.inbox(address)).toHaveLength(1)
    expect(await carried(demo(), attemptIdOf(attempt))).toMatchObject([{ id: reminder.id, wire: carrier }])
    expect(attempt.payload?.[0]?.contentString).toBe(reminder.text)

    await phones.write(address, channel, '1')
    const answers = await until('the chart has the answer', async () => {
      const found = await stranger.search('AppointmentResponse', { appointment: `Appointment/${visit.id}` })
      return found.length > 0 && found
    })
    expect(answers).toMatchObject([
      { participantStatus: 'accepted', actor: { reference: patient.reference } },
    ])
    const thanks = await until('the patient is thanked', async () => (await phones.inbox(address)).at(1))
    expect(thanks.text).toContain('Thank you')
    await settled()
    expect(await phones.inbox(address)).toHaveLength(2)
  })

  it.runIf(files)(
    'a document of the chart goes to the patient, and a picture comes back into it',
    async () => {
      const { stranger, phones } = demo()
      const { patient, address } = await admit(demo(), channel)
      await phones.write(address, channel, 'May I have my report?')
      await until('the chart knows who asked', async () => (await inboundOf(stranger, patient)).length === 1)
      // Its WhatsApp shows no words under a document, so they would be refused.
      const text = carrier === 'twilio' ? undefined : 'Here it is.'
      await order(demo(), patient, { file: await putReport(stranger, patient), text, channel })
      const sent = await until('the report is on the phone', async () =>
        (await phones.inbox(address)).find(({ file }) => file),
      )
      expect(sent).toMatchObject({
        ...{ channel, text: text ?? '' },
        file: { contentType: 'application/pdf', size: report.length },
      })

      const file = { contentType: 'image/png', name: 'rash.png', base64: picture.toString('base64') }
      await phones.write(address, channel, 'Look at this', file)
      const attachment = await until('the picture is in the chart', async () => {
        const found = (await inboundOf(stranger, patient)).flatMap(({ payload = [] }) => payload)
        return found.find(({ contentAttachment }) => contentAttachment?.url?.startsWith('Binary/'))
          ?.contentAttachment
      })
      expect(attachment).toMatchObject({ contentType: 'image/png', size: picture.length })
      const { data } = await stranger.read('Binary', attachment.url?.slice('Binary/'.length) ?? '')
      expect(Buffer.from(data ?? '', 'base64').equals(picture)).toBe(true)
    },
  )
})

const report = Buffer.from('%PDF-1.4\n% an invented report\n')
const picture = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

async function inboundOf(stranger: Stranger, { reference }: NewPatient) {
  const category = 'https://qasid.dev/fhir/CodeSystem/message-category|patient-message'
  return stranger.search('Communication', { subject: reference, category })
}

async function putReport(stranger: Stranger, { reference }: NewPatient): Promise<string> {
  const data = report.toString('base64')
  const binary = await stranger.create({ resourceType: 'Binary', contentType: 'application/pdf', data })
  const attachment = { contentType: 'application/pdf', url: `Binary/${binary.id}`, title: 'report.pdf' }
  const document = await stranger.create({
    ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference } },
    content: [{ attachment }],
  })
  return `DocumentReference/${document.id}`
}

/** As the EMR's own script does. */
async function order(
  { urls, apiKey }: OpenDemo,
  { reference }: NewPatient,
  { file, text, channel }: { file: string; text?: string; channel: Case['channel'] },
): Promise<void> {
  const answer = await fetch(`${urls.qasid}/api/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ to: reference, file, text, channels: [channel] }),
  })
  expect([answer.status, await answer.text()]).toEqual([201, expect.any(String)])
}

/** A person who is reached by this channel. */
async function admit({ stranger }: OpenDemo, channel: Case['channel']) {
  const patient = await stranger.admit()
  if (channel !== 'email') return { patient, address: patient.phone }
  const id = patient.reference.slice('Patient/'.length)
  const address = `robin-${id}@journey.example`
  const person = await stranger.read('Patient', id)
  await stranger.change({ ...person, telecom: [{ system: 'email', value: address }] })
  return { patient, address }
}

/** The company has approved the reminder, and the workers, who keep templates for some seconds, know: somebody got it. */
async function approved({ stranger, phones }: OpenDemo): Promise<void> {
  const byWhatsapp = async () => {
    const patient = await stranger.admit()
    await stranger.book(patient)
    const reminder = await until('somebody is reminded', async () =>
      (await phones.inbox(patient.phone)).at(0),
    )
    return reminder.channel === 'whatsapp'
  }
  await until('reminders go by WhatsApp', byWhatsapp, { within: 40_000, every: 1_000 })
}

/** What all carriers together took for this attempt. */
async function carried({ urls }: OpenDemo, attempt: string): Promise<unknown> {
  const answer = await fetch(`${urls.phones}/api/ledger?attempt=${encodeURIComponent(attempt)}`)
  return answer.json()
}
