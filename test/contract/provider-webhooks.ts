/** The half of the provider contract in which the company calls us. */
import { describe, expect, it, vi } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { DeliveryEvent, DeliveryHint, DeliveryState, ProviderEvent } from '../../src/domain/outcome.ts'
import { instant } from '../../src/domain/time.ts'
import {
  channelsOf,
  type OutgoingMessage,
  type Provider,
  type RawWebhook,
} from '../../src/providers/provider.ts'
import { secretFields } from '../../src/providers/secret-fields.ts'
import { able, type Conversation, type ProviderCases, texts, type Wish } from './provider-conversation.ts'

export function describeWebhooks<C>(provider: Provider<C>, cases: ProviderCases<C>, talk: Conversation<C>) {
  const toldOf = async (outgoing: OutgoingMessage, providerId?: string) => {
    const heard = await talk.heard()
    const mine = heard.filter(
      (event) => isTold(event) && (event.attemptId === outgoing.attemptId || event.providerId === providerId),
    )
    const told: DeliveryEvent[] = []
    for (const event of mine) {
      if (event.kind === 'delivery') told.push(event)
      if (event.kind !== 'hint') continue
      const found = await talk.lookUp(outgoing, event.providerId)
      if (found?.kind === 'found') told.push(found.event)
    }
    return told
  }
  const sendAndSee = async (wish: Wish, wanted: DeliveryState[]) => {
    const outgoing = talk.message(wish)
    const outcome = await talk.send(outgoing)
    const providerId = outcome.kind === 'accepted' ? outcome.providerId : undefined
    const states = async () => (await toldOf(outgoing, providerId)).map(({ state }) => state)
    await vi.waitFor(async () => expect(await states()).toEqual(wanted), { timeout: 5_000, interval: 10 })
    return { outgoing, providerId, states }
  }

  describe('webhooks', () => {
    for (const { when, channel, to, wanted } of cases.endings)
      able(cases, 'reports delivery')(`${when}: ${wanted.join(', ')}`, async () => {
        const { outgoing, providerId, states } = await sendAndSee({ channel, to }, wanted)
        // What is sent later is delivered, and still nothing more is heard of the first.
        await sendAndSee({ channel }, cases.usual[channel] ?? [])
        expect(await states()).toEqual(wanted)
        for (const event of await toldOf(outgoing, providerId))
          expect(event).toMatchObject({ providerId, at: expect.any(Number) })
      })

    able(cases, 'tells the attempt')('name our own attempt, for answers that were never seen', async () => {
      const [channel = 'sms'] = channelsOf(provider)
      const usual = { channel, to: cases.recipients[channel], wanted: cases.usual[channel] ?? [] }
      const { wanted, ...wish } = [usual, ...cases.endings].find((one) => one.wanted.length > 0) ?? usual
      const { outgoing, providerId } = await sendAndSee(wish, wanted)
      const told = (await talk.heard()).filter((event) => isTold(event) && event.providerId === providerId)
      expect(told).not.toEqual([])
      for (const event of told) expect(event).toMatchObject({ attemptId: outgoing.attemptId })
    })

    for (const channel of channelsOf(provider))
      able(cases, 'takes answers')(`bring what a patient writes by ${channel}, unchanged`, async () => {
        const from = cases.recipients[channel] as Address
        for (const [, text] of texts) {
          await talk.company().write(channel, from, { text })
          const wanted = { kind: 'inbound', channel, from, to: cases.senders[channel], text }
          await vi.waitFor(async () =>
            expect(await talk.heard()).toContainEqual(expect.objectContaining(wanted)),
          )
        }
      })

    describeFiles()

    // Nothing in most companies' webhooks tells an old one from a new one. The position of this suite: a webhook that was rightly
    // signed once stays believed, and is harmless, because what the same events say again is already in the store.
    it('replayed, are taken again, and say exactly what they said before', async () => {
      const all = talk.company().webhooks()
      expect(all.length).toBeGreaterThan(10)
      for (const webhook of all) expect(await talk.read(webhook)).toEqual(await talk.read(webhook))
    })

    able(cases, 'signs')('are refused when unsigned or altered', async () => {
      for (const webhook of talk.company().webhooks()) {
        const { credentials } = talk.company()
        const altered = { ...webhook, body: Buffer.concat([webhook.body, Buffer.from(' ')]) }
        const signatures = Object.keys(webhook.headers).filter((name) => /sign/i.test(name))
        const unsigned = { ...webhook, headers: omit(webhook.headers, signatures) }
        const empty = { ...webhook, headers: { ...webhook.headers, ...blank(signatures) } }
        expect(signatures).not.toEqual([])
        for (const wrong of [altered, unsigned, empty, { ...webhook, body: new Uint8Array() }])
          expect(await provider.verify(wrong, credentials)).toEqual({
            kind: 'refused',
            because: expect.any(String),
          })
        for (const secret of talk.company().secrets)
          expect(JSON.stringify(await provider.verify(altered, credentials))).not.toContain(secret)
      }
    })

    able(cases, 'signs')('are refused when signed for somebody else, with another secret', async () => {
      const { credentials } = talk.company()
      const others = Object.fromEntries(
        secretFields(provider).map((name) => [name, 'secret-of-another-1234567']),
      )
      for (const webhook of talk.company().webhooks())
        expect(await provider.verify(webhook, { ...credentials, ...others })).toMatchObject({
          kind: 'refused',
        })
    })

    const { neighbour } = cases
    if (neighbour)
      it('bring nothing of another account, though its secret is the same', async () => {
        const credentials = neighbour(talk.company().credentials)
        expect(talk.company().webhooks().length).toBeGreaterThan(10)
        for (const webhook of talk.company().webhooks()) {
          const { kind } = await provider.verify(webhook, credentials)
          const parsed = await provider.parse(webhook, instant(0), credentials)
          const brought =
            parsed.kind === 'events' ? parsed.events.filter((one) => one.kind !== 'ignored') : []
          if (kind === 'valid') expect(brought).toEqual([])
        }
      })

    it('never throw for what is half a message', async () => {
      for (const webhook of talk.company().webhooks())
        for (const length of [0, 1, webhook.body.length >> 1, webhook.body.length - 1]) {
          const half = { ...webhook, body: webhook.body.subarray(0, length) }
          const { kind } = await provider.parse(half, instant(0), talk.company().credentials)
          expect(['malformed', 'events']).toContain(kind)
        }
    })
  })

  function describeFiles() {
    const channels = channelsOf(provider).filter((one) => provider.carries[one]?.answers)
    if (!provider.fetchFile) return
    it.each(
      channels.filter((one) => one !== 'sms'),
    )('bring a file that a patient sends by %s', async (channel) => {
      const from = cases.recipients[channel] as Address
      const bytes = Buffer.from(`%PDF-1.4 by ${channel}`)
      const file = { contentType: 'application/pdf', name: 'scan.pdf', bytes }
      await talk.company().write(channel, from, { text: 'my scan', file })
      const found = async () =>
        (await talk.heard()).flatMap((event) =>
          event.kind === 'inbound' && event.channel === channel ? (event.files ?? []) : [],
        )
      await vi.waitFor(async () => expect(await found()).toHaveLength(1))
      const [named] = await found()
      if (!named) return
      expect(named).toMatchObject({ kind: 'document', contentType: 'application/pdf' })
      const { credentials } = talk.company()
      const fetched = await vi.waitFor(async () => {
        const got = await provider.fetchFile?.(named, credentials, 1_000)
        // Some companies call before the file is in its place.
        if (got?.kind === 'unreachable') throw new Error(got.code)
        return got
      })
      expect(fetched).toMatchObject({ kind: 'file', contentType: 'application/pdf' })
      expect(fetched?.kind === 'file' && Buffer.from(fetched.bytes).toString()).toBe(bytes.toString())
      expect(await provider.fetchFile?.(named, credentials, 5)).toEqual({
        kind: 'refused',
        because: 'too-large',
      })
    })
  }
}

function isTold(event: ProviderEvent): event is DeliveryEvent | DeliveryHint {
  return event.kind === 'delivery' || event.kind === 'hint'
}

function omit(headers: RawWebhook['headers'], names: string[]): RawWebhook['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}

function blank(names: string[]): RawWebhook['headers'] {
  return Object.fromEntries(names.map((name) => [name, '']))
}
