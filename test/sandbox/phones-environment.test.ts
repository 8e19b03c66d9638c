import { describe, expect, it } from 'vitest'
import { sandbox } from '../../sandbox/carriers/sandbox.ts'
import { readPhonesEnvironment as readFor } from '../../sandbox/phones/environment.ts'
import { countSegments } from '../../sandbox/phones/segments.ts'

const complete = {
  SANDBOX_CARRIER_TOKEN: 'a-token',
  SANDBOX_WEBHOOK_SECRET: 'a-secret',
  SANDBOX_SENDERS: JSON.stringify([
    {
      address: '+15550100001',
      channel: 'sms',
      inboundUrl: 'http://localhost:8080/webhooks/sample-clinic/sms',
    },
  ]),
}

const other = { ...sandbox, id: 'other' }
const readPhonesEnvironment = (env: Record<string, string>) => readFor(env, [sandbox, other])
const otherSender = {
  ...{ address: '+15550100001', channel: 'sms', wire: 'other' },
  inboundUrl: 'http://localhost:8080/sms',
}

describe('the environment of the phones', () => {
  it('is enough with the secrets and the senders', () => {
    const read = readPhonesEnvironment(complete)
    expect(read).toMatchObject({ kind: 'options', options: { port: 8082, token: 'a-token' } })
  })

  it('is refused by name for all that is missing, without showing values', () => {
    const read = readPhonesEnvironment({ SANDBOX_WEBHOOK_SECRET: 'a-secret', SANDBOX_SENDERS: 'no json' })
    expect(read).toEqual({
      kind: 'refused',
      because: 'The phones need these variables set right: SANDBOX_CARRIER_TOKEN, SANDBOX_SENDERS',
    })
  })

  it('brings each carrier that the clinic has an account with', () => {
    const more = {
      SANDBOX_SENDERS: JSON.stringify([otherSender]),
      SANDBOX_ACCOUNTS: '{"other":{"key":"k"}}',
      SANDBOX_APPROVED_AFTER: '1000',
    }
    expect(readPhonesEnvironment({ ...complete, ...more })).toMatchObject({
      options: {
        wires: [
          { wire: { id: 'sandbox' }, account: { token: 'a-token', webhookSecret: 'a-secret' } },
          { wire: { id: 'other' }, account: { key: 'k' } },
        ],
        senders: [{ wire: 'other' }],
        approvedAfter: 1_000,
      },
    })
  })

  it.each([
    ['a sender of a carrier without an account', 'SANDBOX_SENDERS', JSON.stringify([otherSender])],
    ['an account with a carrier that is not known', 'SANDBOX_ACCOUNTS', '{"pigeon":{"key":"k"}}'],
  ])('is refused for %s, in a sentence that names the variable', (_what, variable, text) => {
    const read = readPhonesEnvironment({ ...complete, [variable]: text })
    expect(read).toMatchObject({ kind: 'refused', because: expect.stringContaining(variable) })
  })

  it('is refused in production unless it is meant', () => {
    expect(readPhonesEnvironment({ ...complete, NODE_ENV: 'production' }).kind).toBe('refused')
    const meant = { ...complete, NODE_ENV: 'production', SANDBOX_IN_PRODUCTION: 'yes' }
    expect(readPhonesEnvironment(meant).kind).toBe('options')
  })
})

describe('segments', () => {
  it.each([
    ['160 × a', 'a'.repeat(160), 1],
    ['161 × a', 'a'.repeat(161), 2],
    ['307 × a', 'a'.repeat(307), 3],
    ['81 × [', '['.repeat(81), 2],
    ['a € on the border', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 3],
    ['70 × Arabic', 'ا'.repeat(70), 1],
    ['135 × Arabic', 'ا'.repeat(135), 3],
    ['an emoji on the border', `${'ا'.repeat(66)}😀${'ا'.repeat(66)}`, 3],
    ['67 × emoji', '😀'.repeat(67), 3],
  ])('%s', (_what, text, segments) => {
    expect(countSegments(text)).toBe(segments)
  })
})
