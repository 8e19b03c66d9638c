import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sandbox } from '../../src/providers/sandbox.ts'
import { secretFields } from '../../src/providers/secret-fields.ts'

const secret = z.string().meta({ secret: true })

describe('the secrets among a provider’s credentials', () => {
  it('are those that its schema marks', () => {
    expect(secretFields(sandbox)).toEqual(['token', 'webhookSecret'])
  })

  it.each([
    ['may be left out', z.object({ account: z.string(), token: secret.optional() })],
    ['has a default', z.object({ token: secret.default('none') })],
    ['is changed when it is read', z.object({ token: secret.transform((text) => text.trim()) })],
    ['is piped on', z.object({ token: secret.pipe(z.string().min(1)) })],
    ['is one of two ways in', z.union([z.object({ token: secret }), z.object({ account: z.string() })])],
    ['is checked together with others', z.strictObject({ token: secret }).refine(() => true)],
  ])('hold one that %s', (_what, credentials) => {
    expect(secretFields({ credentials })).toEqual(['token'])
  })
})
