/** The part of the provider contract about what we ask the company: what became of a message, is all well. */
import { expect, it, vi } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import { channelsOf, type Provider } from '../../src/providers/provider.ts'
import { nobodysUrl } from './misbehaving-company.ts'
import { able, type Conversation, type ProviderCases } from './provider-conversation.ts'

export function describeQuestions<C>(provider: Provider<C>, cases: ProviderCases<C>, talk: Conversation<C>) {
  const [channel = 'sms'] = channelsOf(provider)

  able(cases, 'looks up')(
    'looks up what became of a message, also when its answer was never seen',
    async () => {
      const outgoing = talk.message({ channel, text: `Only once: ${provider.id}` })
      const outcome = await talk.send(outgoing)
      const providerId = outcome.kind === 'accepted' ? outcome.providerId : ''
      for (const known of [providerId, undefined])
        expect(await talk.lookUp(outgoing, known)).toMatchObject({
          kind: 'found',
          event: { kind: 'delivery', providerId, state: expect.any(String), at: expect.any(Number) },
        })
    },
  )

  able(cases, 'looks up')('knows that a message was never taken', async () => {
    // A company without our correlation can be sure only about people to whom it has carried nothing at all.
    const to = (channel === 'email' ? 'new@home.example' : '+971501230000') as Address
    const never = talk.message({ channel, to, text: `Never sent by ${provider.id}` })
    expect(await talk.lookUp(never)).toEqual({ kind: 'never-taken' })
  })

  it('says that it cannot have a message forgotten, where it cannot', () => {
    expect(talk.lacks('redacts')).toBe(provider.redact === undefined)
  })

  able(cases, 'redacts')('has what a message said forgotten once it is over, however often', async () => {
    const { credentials, forgot } = talk.company()
    const outcome = await talk.send(talk.message({ channel, text: `Forget this: ${provider.id}` }))
    const providerId = outcome.kind === 'accepted' ? outcome.providerId : ''
    expect(await forgot?.(providerId)).toBe(false)
    await vi.waitFor(async () =>
      expect(await provider.redact?.(providerId, credentials)).toEqual({ kind: 'redacted' }),
    )
    expect(await forgot?.(providerId)).toBe(true)
    expect(await provider.redact?.(providerId, credentials)).toEqual({ kind: 'redacted' })
    expect(await provider.redact?.('SM00000000000000000000000000000000', credentials)).toEqual({
      kind: 'redacted',
    })
  })

  able(cases, 'redacts')('says why a message is not forgotten: a wrong token, nobody there', async () => {
    const { credentials, secrets } = talk.company()
    const redact = (given: C) => provider.redact?.('SM00000000000000000000000000000000', given)
    const wrong = await redact(cases.mistaken(credentials))
    expect(wrong).toMatchObject({ kind: 'refused', code: expect.stringMatching(/^[\w.-]+$/) })
    const nobody = await redact(cases.pointedAt(credentials, await nobodysUrl()))
    expect(nobody).toMatchObject({ kind: 'later' })
    for (const secret of secrets) expect(JSON.stringify([wrong, nobody])).not.toContain(secret)
  })

  it.each(
    channelsOf(provider),
  )('tests the connection for %s: right, wrong, nobody there', async (channel) => {
    const { credentials, secrets } = talk.company()
    const sender = { channel, address: talk.message({ channel }).from }
    const check = (given: C) => provider.checkHealth(sender, given)
    expect(await check(credentials)).toMatchObject({ kind: 'healthy' })
    const wrong = await check(cases.mistaken(credentials))
    expect(wrong).toMatchObject({ kind: 'misconfigured', code: expect.stringMatching(/^[\w.-]+$/) })
    const nobody = await check(cases.pointedAt(credentials, await nobodysUrl()))
    expect(nobody).toMatchObject({ kind: 'unreachable' })
    for (const secret of secrets) expect(JSON.stringify([wrong, nobody])).not.toContain(secret)
  })

  it.each(
    channelsOf(provider),
  )('a wrong token pauses the sender of %s, and nothing is sent', async (channel) => {
    const outgoing = talk.message({ channel })
    const outcome = await talk.send(outgoing, cases.mistaken(talk.company().credentials))
    expect(outcome).toMatchObject({ kind: 'misconfigured' })
    expect(await talk.company().taken(outgoing)).toEqual([])
  })
}
