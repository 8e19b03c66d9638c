/**
 * Fault × company → how it ends: every provider file over HTTP against its company's imitation, which misbehaves. The
 * outcome stands in docs/fault-matrix.md; this test compares.
 */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { meta } from '../../sandbox/carriers/meta.ts'
import { sandbox } from '../../sandbox/carriers/sandbox.ts'
import { createSmtpWire } from '../../sandbox/carriers/smtp.ts'
import { twilio } from '../../sandbox/carriers/twilio.ts'
import { unifonic } from '../../sandbox/carriers/unifonic.ts'
import { type Acquaintance, type Story, tellStory } from './fault-clinic.ts'

const sms = { channel: 'sms', address: '+15550100001' } as const
const whatsapp = { channel: 'whatsapp', address: '+15550100002' } as const

const companies: Record<string, () => Acquaintance> = {
  sandbox: () => ({
    ...{ wire: sandbox, ...sms, account: { token: 'carrier-token', webhookSecret: 'webhook-secret' } },
    credentials: ({ base }) => ({ baseUrl: base, token: 'carrier-token', webhookSecret: 'webhook-secret' }),
  }),
  twilio: () => {
    const account = { accountSid: 'AC00000000000000000000000000000001', authToken: 'auth-token-of-a-test' }
    return {
      ...{ wire: twilio, ...sms, account },
      credentials: ({ base }) => ({ ...account, baseUrl: `${base}/twilio`, contentUrl: `${base}/twilio` }),
    }
  },
  meta: () => {
    const account = {
      ...{ accessToken: 'access-token-of-a-test', appSecret: 'app-secret-of-a-test' },
      ...{ phoneNumberId: '200000000000001', businessAccountId: '100000000000001' },
      verifyToken: 'verify-token-of-a-test',
    }
    return {
      ...{ wire: meta, ...whatsapp, account },
      credentials: ({ base }) => ({ ...account, baseUrl: `${base}/meta` }),
    }
  },
  unifonic: () => {
    const account = { appSid: 'app-sid-of-a-test', webhookToken: 'webhook-token-of-a-test-1' }
    return {
      ...{ wire: unifonic, ...sms, account, webhookQuery: '?key=webhook-token-of-a-test-1' },
      credentials: ({ base }) => ({ ...account, baseUrl: `${base}/unifonic` }),
    }
  },
  smtp: () => {
    const account = {
      ...{ user: 'clinic', password: 'password-of-a-test' },
      webhookSecret: 'webhook-secret-of-a-test',
    }
    return {
      ...{ wire: createSmtpWire(), channel: 'email', address: 'hello@clinic.example', account },
      credentials: ({ port }) => ({ ...account, host: '127.0.0.1', port: String(port), security: 'none' }),
    }
  },
}

const faults: Record<string, object[]> = {
  none: [],
  'answer late': [{ kind: 'delay', for: 1, ms: 200 }],
  'too fast (429)': [{ kind: '429', for: 2 }],
  'too fast, says how long': [{ kind: '429-retry-after', for: 2 }],
  'fails (500)': [{ kind: '500', for: 1 }],
  'says not taken (503)': [{ kind: '503', for: 2 }],
  'connection cut': [{ kind: 'cut', for: 1 }],
  'taken, answer never seen': [{ kind: 'timeout-after-accept', for: 1 }],
  'taken, nothing ever heard': [{ kind: 'timeout-after-accept', for: 1 }, { kind: 'missing' }],
  'opted out': [{ kind: 'opt-out', for: 1 }],
  'callbacks early': [{ kind: 'early', for: 1 }],
  'callbacks twice': [{ kind: 'duplicated' }],
  'callbacks reordered': [{ kind: 'reordered' }],
  'callbacks missing': [{ kind: 'missing' }],
  'callback unsigned once': [{ kind: 'unsigned', for: 1 }],
  'callback signed wrongly once': [{ kind: 'wrong-signature', for: 1 }],
}

function inWords({ state, attempts, calls, sends, tasks }: Story): string {
  return `${state} | ${attempts} | ${calls} | ${sends} | ${tasks.join(', ')} |`
}

describe.concurrent('a company that misbehaves', () => {
  const told = readFile(new URL('../../docs/fault-matrix.md', import.meta.url), 'utf8')

  it.each(Object.keys(companies))('%s: every story ends as the documentation says', {
    timeout: 240_000,
  }, async (company) => {
    const document = await told
    const stories: string[] = []
    for (const [fault, orders] of Object.entries(faults)) {
      const story = await tellStory(companies[company]?.() as Acquaintance, ...orders)
      expect([fault, story.sends]).toEqual([fault, Math.min(1, story.sends)])
      stories.push(`| ${company} | ${fault} | ${inWords(story)}`)
    }
    const documented = document.split('\n').filter((line) => line.startsWith(`| ${company} |`))
    expect(documented).toEqual(stories)
  })
})
