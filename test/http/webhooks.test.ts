import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { InboundMessage } from '../../src/domain/outcome.ts'
import { instant } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import type { Parsed } from '../../src/providers/provider.ts'
import { QueueUnavailable } from '../../src/queue/connection.ts'
import { sign, startedAt, startWeb, type Web } from './web-under-test.ts'

const place = '/webhooks/sample-clinic/sms'
const delivered = {
  ...{ type: 'status', id: 'SB1', correlation: 'attempt-1', status: 'delivered', at: '2026-11-20T08:00:00Z' },
}
const inbound = {
  ...{ type: 'message', id: 'SB2', channel: 'sms', from: '+971501234567', to: '+15550100002' },
  ...{ text: 'نعم 👍', at: '2026-11-20T08:00:00Z' },
}

let web: Web
beforeEach(async () => {
  web = await startWeb()
})
afterEach(() => web.stop())

function post(body: string | Uint8Array, headers = sign(body), path = place): Promise<Response> {
  return fetch(`${web.url}${path}`, { method: 'POST', headers, body: body as string })
}

const jobs = () => web.jobs.pending().map(({ job }) => job)

describe('a delivery event', () => {
  it('is queued for its sender, by reference', async () => {
    expect((await post(JSON.stringify(delivered))).status).toBe(200)
    const event = {
      ...{ kind: 'delivery', attemptId: 'attempt-1', providerId: 'SB1', state: 'delivered' },
      at: Date.parse('2026-11-20T08:00:00Z'),
    }
    expect(jobs()).toEqual([{ kind: 'record', sender: 'sms', event }])
  })

  it('is known by our query string when the company leaves out the correlation', async () => {
    const { correlation: _, ...bare } = delivered
    const body = JSON.stringify(bare)
    await post(body, sign(body), `${place}?attempt=attempt-9`)
    expect(jobs()).toMatchObject([{ event: { attemptId: 'attempt-9' } }])
  })

  it('is one job however often it comes', async () => {
    for (let time = 0; time < 10; time += 1) expect((await post(JSON.stringify(delivered))).status).toBe(200)
    expect(jobs()).toHaveLength(1)
  })

  it('is refused with 503 while the queue is away, so that it is repeated', async () => {
    web.install.jobs.add = async () => {
      throw new QueueUnavailable('redis://:secret@cache.example does not answer')
    }
    const response = await post(JSON.stringify(delivered))
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await response.text()).not.toContain('redis://')
  })
})

describe('an inbound message', () => {
  it('is in the store before the carrier gets its 200', async () => {
    const order: string[] = []
    const [sender] = web.install.senders
    if (sender)
      sender.receive = async ({ text }) => {
        await Promise.resolve()
        order.push(`stored ${text}`)
      }
    const response = await post(JSON.stringify(inbound))
    order.push(`answered ${response.status}`)
    expect(order).toEqual([`stored ${inbound.text}`, 'answered 200'])
    expect(jobs()).toEqual([])
  })

  it.each([
    ['the store is down', new EmrError('store answered 500 with <html>Ada</html>', { status: 500 })],
    ['the queue is away', new QueueUnavailable('Redis did not answer')],
  ])('is refused with 503 while %s, so that the carrier repeats it', async (_when, error) => {
    const [sender] = web.install.senders
    if (sender)
      sender.receive = async () => {
        throw error
      }
    const response = await post(JSON.stringify(inbound))
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response.text()).not.toContain('Ada')
    expect(web.errors).toMatchObject([{ facts: { code: 'POST 503' } }])
  })

  it('is not lost when we are at fault: the carrier gets a 500 without detail', async () => {
    const [sender] = web.install.senders
    if (sender)
      sender.receive = async () => {
        throw new TypeError(`cannot read ${inbound.from}`)
      }
    const response = await post(JSON.stringify(inbound))
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({ error: 'Something went wrong here. It was noted.' })
    expect(web.errors).toHaveLength(1)
  })
})

it('a webhook of a kind we do not know is taken, counted and followed by nothing', async () => {
  expect((await post('{"type":"billing"}')).status).toBe(200)
  expect([jobs(), web.received, web.refused]).toEqual([[], [], ['webhook-ignored']])
})

describe('a webhook of an account that several numbers share', () => {
  const sibling = { ...inbound, to: '+15550100003' }
  const bySibling: unknown[] = []
  function addSibling(secret?: string) {
    bySibling.length = 0
    const [sender] = web.install.senders
    if (!sender) return
    const credentials = { ...(sender.credentials as object), ...(secret && { webhookSecret: secret }) }
    const receive = async (event: unknown) => bySibling.push(event)
    web.install.senders.push({ ...sender, id: 'sms-2', address: sibling.to as Address, credentials, receive })
  }

  it('reaches the one that it is about', async () => {
    addSibling()
    expect((await post(JSON.stringify(sibling))).status).toBe(200)
    expect([web.received, bySibling]).toMatchObject([[], [{ to: sibling.to }]])
  })

  it('stays with the one that was called when it proves nothing to the other', async () => {
    addSibling('another-secret-of-a-test')
    await post(JSON.stringify(sibling))
    expect([web.received, bySibling]).toMatchObject([[{ to: sibling.to }], []])
  })

  it('is none of ours when nobody here has that number: a STOP to another clinic stops nothing', async () => {
    addSibling()
    const [sender] = web.install.senders
    const stop: InboundMessage = {
      ...{ kind: 'inbound', providerId: 'SB9', channel: 'sms', at: instant(0), text: 'STOP' },
      ...{ from: inbound.from as Address, to: '+15550100009' as Address, elsewhere: true },
    }
    if (sender) sender.provider = { ...sender.provider, parse: () => ({ kind: 'events', events: [stop] }) }
    expect((await post(JSON.stringify(inbound))).status).toBe(200)
    expect([web.received, bySibling, jobs()]).toEqual([[], [], []])
    expect(web.refused).toEqual(['webhook-foreign'])
  })

  it('tells of a number’s own messages only, and the number goes into no job', async () => {
    const [sender] = web.install.senders
    const event = { kind: 'delivery', providerId: 'SB1', state: 'sent', at: startedAt } as const
    const tell = (number: string, elsewhere?: true): Parsed => ({
      kind: 'events',
      events: [{ ...event, sender: number as Address, elsewhere }],
    })
    if (sender) sender.provider = { ...sender.provider, parse: () => tell('+15550100009', true) }
    await post(JSON.stringify(delivered))
    expect([jobs(), web.refused]).toEqual([[], ['webhook-foreign']])
    if (sender) sender.provider = { ...sender.provider, parse: () => tell(sender.address) }
    await post(JSON.stringify(delivered))
    expect(jobs()).toEqual([{ kind: 'record', sender: 'sms', event }])
  })

  it('stays with the one that was called when a pool answers by a number nobody wrote down', async () => {
    addSibling()
    await post(JSON.stringify({ ...inbound, to: '+15550100009', text: 'STOP' }))
    expect([web.received, bySibling, web.refused]).toMatchObject([[{ text: 'STOP' }], [], []])
  })

  it('is none of ours when the number is another install’s', async () => {
    const number = '+15550100009'
    const senders = web.install.senders.map((one) => ({ ...one, address: number as Address }))
    web.parts.installs.push({ ...web.install, id: 'another', senders })
    expect((await post(JSON.stringify({ ...inbound, to: number, text: 'STOP' }))).status).toBe(200)
    expect([web.received, jobs(), web.refused]).toEqual([[], [], ['webhook-foreign']])
  })

  it('comes to a mailbox under any of its names', async () => {
    const [sender] = web.install.senders
    if (sender) Object.assign(sender, { channel: 'email', address: 'visits@clinic.example' })
    await post(
      JSON.stringify({ ...inbound, channel: 'email', from: 's@mail.example', to: 'alias@clinic.example' }),
    )
    expect(web.received).toMatchObject([{ to: 'alias@clinic.example' }])
  })
})

describe('a webhook that is not right', () => {
  const body = JSON.stringify(inbound)
  const cut = body.slice(0, -9)
  it.each<[string, string | Uint8Array, Record<string, string>, string, number, string | undefined]>([
    ['unsigned', body, {}, place, 401, 'webhook-unsigned'],
    ['signed with another secret', body, sign(body, 'guess'), place, 401, 'webhook-unsigned'],
    ['altered after signing', body.replace('نعم', 'لا'), sign(body), place, 401, 'webhook-unsigned'],
    ['truncated on its way', cut, sign(body), place, 401, 'webhook-unsigned'],
    ['signed, but truncated', cut, sign(cut), place, 400, 'webhook-malformed'],
    ['signed, but empty', '', sign(''), place, 400, 'webhook-malformed'],
    [
      'signed, but without sender',
      '{"type":"message","id":"1"}',
      sign('{"type":"message","id":"1"}'),
      place,
      400,
      'webhook-malformed',
    ],
    ['for an unknown sender', body, sign(body), '/webhooks/sample-clinic/fax', 404, 'webhook-unknown'],
    ['for an unknown install', body, sign(body), '/webhooks/other/sms', 404, 'webhook-unknown'],
    ['at an address that cannot be read', body, sign(body), '/webhooks/%E0%A4%A/sms', 400, undefined],
    [
      'for a sender of JavaScript',
      body,
      sign(body),
      '/webhooks/sample-clinic/__proto__',
      404,
      'webhook-unknown',
    ],
  ])('%s is refused, counted and tells nothing', async (_what, sent, headers, path, status, counted) => {
    const response = await post(sent, headers, path)
    const text = await response.text()
    expect(response.status).toBe(status)
    expect(JSON.parse(text)).toEqual({ error: expect.stringMatching(/^[A-Z].*\.$/) })
    expect(text).not.toMatch(/نعم|97150|secret-of|\.ts:/)
    expect([jobs(), web.received]).toEqual([[], []])
    expect(web.refused).toEqual(counted ? [counted] : [])
  })
})
