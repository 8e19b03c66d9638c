/**
 * What every provider must keep, run against its company, or the best stand-in for it. What a company cannot do is
 * listed as an exception with the reason, never left out in silence.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { channelsOf, type Provider } from '../../src/providers/provider.ts'
import { describeContents } from './provider-contents.ts'
import { type Company, createConversation, type ProviderCases } from './provider-conversation.ts'
import { describeMisbehaviour } from './provider-misbehaviour.ts'
import { describeQuestions } from './provider-questions.ts'
import { describeAnswers, describeSending } from './provider-sending.ts'
import { describeWebhooks } from './provider-webhooks.ts'

export function describeProvider<C>(provider: Provider<C>, cases: ProviderCases<C>): void {
  describe(`Provider: ${provider.id}`, () => {
    let company: Company<C>
    beforeAll(async () => {
      company = await cases.start()
    })
    afterAll(() => company.stop())

    const conversation = createConversation(provider, cases, () => company)
    describeDescription(provider, cases, () => company)
    describeSending(provider, cases, conversation)
    describeContents(provider, conversation)
    describeAnswers(cases, conversation)
    describeQuestions(provider, cases, conversation)
    describeMisbehaviour(provider, cases, conversation)
    describeWebhooks(provider, cases, conversation)
  })
}

function describeDescription<C>(provider: Provider<C>, cases: ProviderCases<C>, company: () => Company<C>) {
  it('says what it is, and checks its credentials before they are used', () => {
    expect(provider.id).toMatch(/^[a-z][a-z0-9-]*$/)
    expect(provider.messageIdSystem).toMatch(/^https:\/\//)
    expect(channelsOf(provider)).not.toEqual([])
    expect(provider.credentials.safeParse(company().credentials).success).toBe(true)
    expect(provider.credentials.safeParse({}).success).toBe(false)
    expect(provider.credentials.safeParse({ ...company().credentials, more: 'x' }).success).toBe(false)
  })

  it('has senders and people for every channel that it carries', () => {
    for (const channel of channelsOf(provider))
      expect([channel, cases.senders[channel], cases.recipients[channel]]).not.toContain(undefined)
  })

  it('says why for everything that it leaves out', () => {
    expect(cases.exceptions.filter(({ because }) => because.length < 20)).toEqual([])
  })
}
