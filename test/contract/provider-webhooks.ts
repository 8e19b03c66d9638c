/** The half of the provider contract in which the company calls us. */
import { describe, expect, it, vi } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { DeliveryEvent, DeliveryState, ProviderEvent } from '../../src/domain/outcome.ts'
import type { OutgoingMessage, Provider, RawWebhook } from '../../src/providers/provider.ts'
import { able, type Conversation, type ProviderCases, texts, type Wish } from './provider-conversation.ts'

export function describeWebhooks<C>(provider: Provider<C>, cases: ProviderCases<C>, talk: Conversation<C>) {
  const states = (outgoing: OutgoingMessage) =>
    talk
      .reports(outgoing)
      .flatMap(talk.read)
      .filter(isDelivery)
      .map(({ state }) => state)
  const sendAndSee = async (wish: Wish, wanted: DeliveryState[]) => {
    const outgoing = talk.message(wish)
    const outcome = await talk.send(outgoing)
    await vi.waitFor(() => expect(states(outgoing)).toEqual(wanted), { timeout: 5_000, interval: 10 })
    return { outgoing, providerId: outcome.kind === 'accepted' ? outcome.providerId : undefined }
  }

  describe('webhooks', () => {
    for (const { when, channel, to, wanted } of cases.endings)
      able(cases, 'reports delivery')(`${when}: ${wanted.join(', ')}`, async () => {
        const { outgoing, providerId } = await sendAndSee({ channel, to }, wanted)
        // What is sent later is delivered, and still nothing more is heard of the first.
        await sendAndSee({ channel }, cases.usual[channel] ?? [])
        expect(states(outgoing)).toEqual(wanted)
        const { attemptId } = outgoing
        for (const event of talk.reports(outgoing).flatMap(talk.read))
          expect(event).toMatchObject({ attemptId, providerId, at: expect.any(Number) })
      })

    for (const channel of provider.channels)
      able(cases, 'takes answers')(`bring what a patient writes by ${channel}, unchanged`, async () => {
        const from = cases.recipients[channel] as Address
        for (const [, text] of texts) {
          await talk.company().write(channel, from, text)
          const wanted = { kind: 'inbound', channel, from, to: cases.senders[channel], text }
          await vi.waitFor(() => {
            const events = talk.company().webhooks().flatMap(talk.read)
            expect(events).toContainEqual(expect.objectContaining(wanted))
          })
        }
      })

    it('say the same however often they are read', () => {
      const all = talk.company().webhooks()
      expect(all.length).toBeGreaterThan(10)
      for (const webhook of all) expect(talk.read(webhook)).toEqual(talk.read(webhook))
    })

    able(cases, 'signs')('are refused when unsigned, altered, or signed for someone else', () => {
      for (const webhook of talk.company().webhooks()) {
        const { credentials } = talk.company()
        const altered = { ...webhook, body: Buffer.concat([webhook.body, Buffer.from(' ')]) }
        const signatures = Object.keys(webhook.headers).filter((name) => /sign/i.test(name))
        const unsigned = { ...webhook, headers: omit(webhook.headers, signatures) }
        const empty = { ...webhook, headers: { ...webhook.headers, ...blank(signatures) } }
        expect(signatures).not.toEqual([])
        for (const wrong of [altered, unsigned, empty, { ...webhook, body: new Uint8Array() }])
          expect(provider.verify(wrong, credentials)).toEqual({
            kind: 'refused',
            because: expect.any(String),
          })
        for (const secret of talk.company().secrets)
          expect(JSON.stringify(provider.verify(altered, credentials))).not.toContain(secret)
      }
    })

    it('are malformed when their end is missing, and never more than that', () => {
      for (const webhook of talk.company().webhooks())
        for (const length of [0, 1, webhook.body.length >> 1, webhook.body.length - 1])
          expect(provider.parse({ ...webhook, body: webhook.body.subarray(0, length) })).toMatchObject({
            kind: 'malformed',
          })
    })
  })
}

function isDelivery(event: ProviderEvent): event is DeliveryEvent {
  return event.kind === 'delivery'
}

function omit(headers: RawWebhook['headers'], names: string[]): RawWebhook['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}

function blank(names: string[]): RawWebhook['headers'] {
  return Object.fromEntries(names.map((name) => [name, '']))
}
