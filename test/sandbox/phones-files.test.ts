/** What is more than text, on a phone: files both ways, reactions, quotes. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Phones } from '../../sandbox/phones/start-phones.ts'
import {
  type ClinicStub,
  createCaller,
  createPhone,
  eventually,
  startClinicStub,
  startTestPhones,
  token,
} from './phones-clinic-stub.ts'

let clinic: ClinicStub
let phones: Phones
let shelf: Server
let offered = ''

beforeEach(async () => {
  clinic = await startClinicStub()
  phones = await startTestPhones(clinic)
  shelf = createServer((request, response) => {
    if (request.url === '/large') return void response.writeHead(200).end(Buffer.alloc(16 * 1024 * 1024 + 1))
    const name = 'attachment; filename="x.pdf"; filename*=UTF-8\'\'%D8%AA.pdf'
    const headers = { 'content-type': 'application/pdf; charset=binary', 'content-disposition': name }
    response.writeHead(request.url === '/report' ? 200 : 404, headers).end('%PDF-1.4')
  })
  await new Promise<void>((resolve) => shelf.listen(0, '127.0.0.1', resolve))
  offered = `http://127.0.0.1:${(shelf.address() as AddressInfo).port}`
})

afterEach(async () => {
  await phones.stop()
  await clinic.stop()
  shelf.closeAllConnections()
  await new Promise((resolve) => shelf.close(resolve))
})

const patient = '+971500000018'
const { send } = createCaller(
  () => phones,
  () => clinic,
)
const phone = createPhone(() => phones, patient)
const byWhatsapp = async (wish: object) =>
  (await (await send({ channel: 'whatsapp', text: undefined, ...wish })).json()) as { id: string }
const reply = async (wish: object) =>
  (await (await phone.reply({ channel: 'whatsapp', ...wish })).json()) as { id: string }
const inbound = () => clinic.webhooks.filter(({ event }) => event.type === 'message')
const scan = {
  name: 'scan.png',
  contentType: 'image/png',
  base64: Buffer.from('a picture').toString('base64'),
}

describe('a file of the clinic’s', () => {
  it('is fetched where it lies, and opens on the phone', async () => {
    await byWhatsapp({
      text: 'Here',
      file: { url: `${offered}/report`, contentType: 'application/pdf', name: 'r.pdf' },
    })
    const [message] = await phone.messages()
    expect(message).toMatchObject({
      text: 'Here',
      file: { contentType: 'application/pdf', name: 'r.pdf', size: 8 },
    })
    const opened = await fetch(phones.url + message.file.url)
    expect(opened.headers.get('content-type')).toMatch('application/pdf')
    expect(opened.headers.get('content-disposition')).toBe("inline; filename*=UTF-8''%D8%AA.pdf")
    expect(await opened.text()).toBe('%PDF-1.4')
    expect(await phone.page()).toContain('data-testid="document"')
  })

  it.each(['/gone', '/large'])('that cannot be had (%s) is refused, and nothing is taken', async (path) => {
    const file = { url: offered + path, contentType: 'application/pdf', name: 'r.pdf' }
    const response = await send({ channel: 'whatsapp', text: undefined, file })
    expect([response.status, (await response.json()).code]).toEqual([400, 'file-unavailable'])
    expect(await phone.messages()).toEqual([])
  })

  it.each([
    ['image/png', '<img src="/files/'],
    ['audio/ogg', '<audio controls'],
    ['video/mp4', '<video controls'],
    ['text/html', 'class="document"'],
  ])('of %s is shown as such', async (contentType, markup) => {
    await byWhatsapp({ file: { url: `${offered}/report`, contentType, name: 'a"b' } })
    expect(await phone.page()).toContain(markup)
  })
})

describe('a file of the patient’s', () => {
  it('is told to the clinic, and handed over to whoever has the token', async () => {
    await reply({ text: 'my scan', file: scan })
    await eventually(() => expect(inbound()).toHaveLength(1))
    const event = inbound()[0]?.event as unknown as { text: string; file: { id: string } }
    expect(event).toMatchObject({
      text: 'my scan',
      file: {
        contentType: 'image/png',
        name: 'scan.png',
        size: 9,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    })
    const url = `${phones.url}/carrier/files/${event.file.id}`
    expect((await fetch(url)).status).toBe(401)
    const handed = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    expect([handed.headers.get('content-type'), await handed.text()]).toEqual(['image/png', 'a picture'])
    expect(await phone.messages()).toMatchObject([{ text: 'my scan', file: { name: 'scan.png' } }])
  })

  it('of a kind that could do harm in a browser is only handed over', async () => {
    await reply({ file: { ...scan, name: 'x.html', contentType: 'text/html' } })
    const [{ file }] = await phone.messages()
    const opened = await fetch(phones.url + file.url)
    expect(opened.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(opened.headers.get('content-security-policy')).toContain("default-src 'self'")
  })

  it.each([
    ['no channel', { file: scan }],
    ['no base64', { channel: 'whatsapp', file: { ...scan, base64: '%%%' } }],
    ['a reaction to nothing', { channel: 'whatsapp', reaction: { emoji: '👍' } }],
  ])('is refused with %s', async (_what, body) => {
    expect((await phone.reply(body)).status).toBe(400)
  })
})

describe('a reaction', () => {
  it('of the patient hangs on what it belongs to, and is told to the clinic', async () => {
    const { id } = await byWhatsapp({ text: 'See you' })
    await reply({ reaction: { emoji: '👍', toMessage: id } })
    await eventually(() => expect(inbound()).toHaveLength(1))
    expect(inbound()[0]?.event).toMatchObject({ text: '👍', reaction: { emoji: '👍', toMessage: id } })
    const page = await phone.page()
    expect(page.match(/data-testid="bubble"/g)).toHaveLength(1)
    expect(page).toMatch(/You reacted<\/span> 👍/)
    await reply({ reaction: { emoji: '', toMessage: id } })
    expect(await phone.page()).not.toContain('You reacted')
    expect(await phone.messages()).toHaveLength(3)
  })

  it('of the clinic hangs on what the patient wrote', async () => {
    const { id } = await reply({ text: 'I am well again' })
    await byWhatsapp({ reaction: { emoji: '🙏', toMessage: id } })
    expect(await phone.page()).toMatch(/The clinic reacted<\/span> 🙏/)
  })

  it('to something that is not on this phone is a line of its own', async () => {
    await byWhatsapp({ reaction: { emoji: '🙏', toMessage: 'SB0' } })
    expect(await phone.page()).toContain('Reacted 🙏')
  })

  it('comes live as the bubble that it hangs on', async () => {
    const { id } = await byWhatsapp({ text: 'See you' })
    const line = await fetch(`${phones.url}/live/${encodeURIComponent(patient)}`)
    const reader = line.body?.pipeThrough(new TextDecoderStream()).getReader()
    await reply({ reaction: { emoji: '👍', toMessage: id } })
    let seen = ''
    while (!seen.includes('You reacted')) seen += (await reader?.read())?.value ?? ''
    expect(seen).toContain(`"id":"${id}"`)
    await reader?.cancel()
  })
})

describe('a quote', () => {
  it('is shown above the answer, in both directions', async () => {
    const { id } = await byWhatsapp({ text: 'Can you come at ten?' })
    const answer = await reply({ text: 'Yes', inReplyTo: id })
    await byWhatsapp({ text: 'Good', replyTo: answer.id })
    const page = await phone.page()
    expect(page).toMatch(/<b>The clinic<\/b> <span dir="auto">Can you come at ten\?/)
    expect(page).toMatch(/<b>You<\/b> <span dir="auto">Yes/)
    expect(await phone.messages()).toMatchObject([{}, { replyTo: id }, { replyTo: answer.id }])
  })
})
