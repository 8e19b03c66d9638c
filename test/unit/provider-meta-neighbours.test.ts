/** One app of the Cloud API may serve several accounts and numbers: whose events come to us, and whose are ours. */
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { meta } from '../../src/providers/meta/meta.ts'
import type { RawWebhook } from '../../src/providers/provider.ts'
import { credentials, metadata, rawOf, webhookOf } from './provider-meta-sample.ts'

const read = (webhook: RawWebhook) => meta.parse(webhook, instant(Date.UTC(2026, 10, 20)), credentials)
const ignored = { kind: 'events', events: [{ kind: 'ignored', because: 'for another account' }] }
const status = { id: 'wamid.A=', status: 'delivered', timestamp: '1795150800', recipient_id: '971501234567' }

describe('another clinic', () => {
  const stop = { from: '971501234567', id: 'wamid.S=', type: 'text', text: { body: 'STOP' } }
  const value = { metadata, messages: [stop], statuses: [status] }
  const bodyOf = (...entry: object[]) => JSON.stringify({ object: 'whatsapp_business_account', entry })
  const from = (id: unknown) => ({ id, changes: [{ field: 'messages', value }] })

  it('of the same app: its STOP is rightly signed, and is not for us', async () => {
    const body = bodyOf(from('100000000000002'))
    const signature = createHmac('sha256', credentials.appSecret).update(body).digest('hex')
    const webhook = rawOf(body, { 'x-hub-signature-256': `sha256=${signature}` })
    expect(await meta.verify(webhook, credentials)).toEqual({ kind: 'valid' })
    expect(await read(webhook)).toEqual(ignored)
  })

  it.each([undefined, null, '', 100000000000001])('named %j is nobody we know', async (id) => {
    expect(await read(rawOf(bodyOf(from(id))))).toEqual(ignored)
  })

  it('in the same webhook takes nothing of ours with it', async () => {
    const parsed = await read(rawOf(bodyOf(from('100000000000002'), from(credentials.businessAccountId))))
    const kinds = parsed.kind === 'events' ? parsed.events.map(({ kind }) => kind) : []
    expect(kinds).toEqual(['ignored', 'delivery', 'inbound'])
  })

  it('with a number of its own in the same account is told by that number', async () => {
    const theirs = { ...metadata, display_phone_number: '15550100009', phone_number_id: '200000000000009' }
    expect(await read(webhookOf({ ...value, metadata: theirs }))).toMatchObject({
      events: [
        { sender: '+15550100009', elsewhere: true },
        { kind: 'inbound', to: '+15550100009', text: 'STOP', elsewhere: true },
      ],
    })
  })

  it('is not meant when our own number is shown in another form', async () => {
    const ours = { ...metadata, display_phone_number: '15550100002' }
    const parsed = await read(webhookOf({ ...value, metadata: ours }))
    const events = parsed.kind === 'events' ? parsed.events : []
    expect(events.map((event) => 'elsewhere' in event)).toEqual([false, false])
  })
})
