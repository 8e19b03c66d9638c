import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Phones } from '../../sandbox/phones/start-phones.ts'
import {
  type ClinicStub,
  eventually,
  mailSender,
  signatureOf,
  smsSender,
  startClinicStub,
  startTestPhones,
  token,
  whatsappSender,
} from './phones-clinic-stub.ts'

let clinic: ClinicStub
let phones: Phones

beforeEach(async () => {
  clinic = await startClinicStub()
  phones = await startTestPhones(clinic)
})

afterEach(async () => {
  await phones.stop()
  await clinic.stop()
})

const patient = '+971500000018'
const senderOf: Record<string, string> = { sms: smsSender, whatsapp: whatsappSender, email: mailSender }

async function fromClinic(text: string, channel = 'sms', to = patient, subject?: string) {
  const message = {
    channel,
    from: senderOf[channel],
    to,
    text,
    subject,
    correlation: 'attempt',
    callbackUrl: clinic.url,
  }
  const response = await fetch(`${phones.url}/carrier/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(message),
  })
  return (await response.json()) as { id: string }
}

const phoneUrl = (address: string, path: string) =>
  `${phones.url}/api/phones/${encodeURIComponent(address)}/${path}`
const messagesOf = async (address = patient) => (await fetch(phoneUrl(address, 'messages'))).json()

function reply(body: unknown, address = patient) {
  const headers = { 'content-type': 'application/json' }
  return fetch(phoneUrl(address, 'replies'), { method: 'POST', headers, body: JSON.stringify(body) })
}

const inbound = () => clinic.webhooks.filter(({ event }) => event.type === 'message')
const pageOf = async (path: string) => (await fetch(`${phones.url}${path}`)).text()

describe('the API of a phone', () => {
  it('lists both directions, oldest first', async () => {
    await fromClinic('Your visit is tomorrow.')
    await reply({ channel: 'sms', text: '1' })
    await eventually(async () => {
      expect(await messagesOf()).toEqual([
        {
          id: expect.any(String),
          wire: 'sandbox',
          channel: 'sms',
          from: smsSender,
          to: patient,
          text: 'Your visit is tomorrow.',
          at: expect.any(String),
          status: 'delivered',
        },
        {
          id: expect.any(String),
          wire: 'sandbox',
          channel: 'sms',
          from: patient,
          to: smsSender,
          text: '1',
          at: expect.any(String),
          status: 'received',
        },
      ])
    })
  })

  it('is an empty list for a phone that nobody has written to', async () => {
    expect(await messagesOf('+447400000019')).toEqual([])
  })

  it('knows a mailbox by its address, whatever its case', async () => {
    await fromClinic('Hello', 'email', 'sara@mail.example', 'Your visit')
    expect(await messagesOf('Sara@Mail.example')).toMatchObject([{ subject: 'Your visit', text: 'Hello' }])
  })

  it.each([
    ['an empty text', patient, { channel: 'sms', text: ' ' }],
    ['an unknown channel', patient, { channel: 'fax', text: '1' }],
    ['e-mail from a phone number', patient, { channel: 'email', text: '1' }],
    ['a phone that is none', '12', { channel: 'sms', text: '1' }],
  ])('refuses %s', async (_what, address, body) => {
    const response = await reply(body, address)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'malformed' })
  })
})

describe('a reply', () => {
  it('reaches the inbound URL of the sender, signed', async () => {
    await fromClinic('زيارتك غداً', 'whatsapp')
    const { id } = await (await reply({ channel: 'whatsapp', text: 'نعم' })).json()
    await eventually(() => expect(inbound()).toHaveLength(1))
    const [{ url, raw, signature, event }] = inbound() as [ClinicStub['webhooks'][number]]
    expect(url).toBe('/webhooks/sample-clinic/whatsapp')
    expect(signature).toBe(signatureOf(raw))
    expect(event).toEqual({
      type: 'message',
      id,
      channel: 'whatsapp',
      from: patient,
      to: whatsappSender,
      text: 'نعم',
      at: expect.any(String),
    })
  })

  it('says what it quotes, and in e-mail always', async () => {
    const sms = await fromClinic('One')
    await reply({ channel: 'sms', text: '1', inReplyTo: sms.id })
    const mail = await fromClinic('Two', 'email', 'sara@mail.example')
    await reply({ channel: 'email', text: 'Yes' }, 'sara@mail.example')
    await eventually(() => expect(inbound()).toHaveLength(2))
    expect(inbound().map(({ event }) => event.inReplyTo)).toEqual(expect.arrayContaining([sms.id, mail.id]))
  })

  it('is repeated with the same id until the clinic takes it, and the handset says so meanwhile', async () => {
    clinic.answers.push(503)
    await reply({ channel: 'sms', text: 'STOP' })
    await eventually(async () => expect(await messagesOf()).toMatchObject([{ status: 'waiting' }]))
    expect(await pageOf(`/phones/${encodeURIComponent(patient)}`)).toContain(
      'not delivered to the clinic yet',
    )
    await eventually(async () => expect(await messagesOf()).toMatchObject([{ status: 'received' }]))
    expect(inbound()).toHaveLength(2)
    expect(inbound()[0]?.raw).toBe(inbound()[1]?.raw)
  })
})

describe('the pages', () => {
  it('list every phone that has got a message', async () => {
    expect(await pageOf('/')).toContain('No message yet')
    await fromClinic('One', 'sms', '+971500000019')
    await fromClinic('Two', 'email', 'sara@mail.example')
    const page = await pageOf('/')
    expect(page).toContain('data-address="+971500000019"')
    expect(page).toContain('data-address="sara@mail.example"')
  })

  it('open a phone as people type its number', async () => {
    const answer = await fetch(`${phones.url}/phones?address=${encodeURIComponent('+971 50 000 0018')}`, {
      redirect: 'manual',
    })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/phones/%2B971500000018'])
    expect((await fetch(`${phones.url}/phones?address=nobody`)).status).toBe(400)
  })

  it.each([
    ['Reply 1 to confirm', 'STOP'],
    ['أرسل 1 للتأكيد', 'إيقاف'],
    ['पुष्टि के लिए 1 भेजें', 'रोकें'],
  ])('offer answers in the script of “%s”', async (text, stop) => {
    await fromClinic(text)
    expect(await pageOf(`/phones/${encodeURIComponent(patient)}`)).toContain(`data-quick="${stop}"`)
  })

  it('show text as text, never as HTML', async () => {
    await fromClinic('<img src=x onerror=alert(1)>')
    const page = await pageOf(`/phones/${encodeURIComponent(patient)}`)
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(page).not.toContain('<img src=x')
  })

  it('are told of a new message without asking again', async () => {
    const line = await fetch(`${phones.url}/live/${encodeURIComponent(patient)}`)
    const reader = line.body?.pipeThrough(new TextDecoderStream()).getReader()
    await fromClinic('For somebody else', 'sms', '+971500000019')
    const { id } = await fromClinic('Live')
    let seen = ''
    while (!seen.includes(id)) seen += (await reader?.read())?.value ?? ''
    expect(seen).toContain('Live')
    expect(seen).not.toContain('somebody else')
    await reader?.cancel()
  })
})
