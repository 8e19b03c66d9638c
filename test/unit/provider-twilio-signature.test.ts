/** Twilio's signature, by the vectors of its own SDK and against that SDK itself. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import {
  getExpectedTwilioSignature,
  validateRequest,
  validateRequestWithBody,
} from 'twilio/lib/webhooks/webhooks.js'
import { describe, expect, it } from 'vitest'
import { isRightlySigned, spellingsOf } from '../../src/providers/twilio/sorted-form-signature.ts'

const token = '12345'
const usual = 'https://mycompany.com/myapp.php?foo=1&bar=2'
const call: [string, string][] = [
  ['CallSid', 'CA1234567890ABCDE'],
  ['Caller', '+14158675309'],
  ['Digits', '1234'],
  ['From', '+14158675309'],
  ['To', '+18005551212'],
]
const bindings: [string, string][] = [
  ['MessagingBinding.Address', '+1325xxxxxxx'],
  ['MessagingBinding.Address', '+1415xxxxxxx'],
]
const alike: [string, string][] = [
  ['Sid', 'CA123'],
  ['SidAccount', 'AC123'],
  ...['5678', '1234', '1234'].map((digits): [string, string] => ['Digits', digits]),
]
const json = '{"property": "value", "boolean": true}'
const hashOf = (body: string) => createHash('sha256').update(body).digest('hex')

function isSigned(signature: string, url: string, body: [string, string][] | string, by = token) {
  const text = typeof body === 'string' ? body : new URLSearchParams(body).toString()
  return isRightlySigned({ url, body: Buffer.from(text), signature }, by)
}

const vectors: [what: string, url: string, body: [string, string][] | string, signature: string][] = [
  ['1: as it is', usual, call, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
  ['2: a port, unsigned', usual.replace('.com', '.com:1234'), call, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
  [
    '3: http with a port',
    usual.replace('https', 'http').replace('.com', '.com:1234'),
    call,
    'Zmvh+3yNM1Phv2jhDCwEM3q5ebU=',
  ],
  ['4: signed with 443', usual, call, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
  ['5: signed with 80', usual.replace('https', 'http'), call, '0ZXoZLH/DfblKGATFgpif+LLRf4='],
  ['6: user and password', usual.replace('//', '//user:pass@'), call, 'CukzLTc1tT5dXEDIHm/tKBanW10='],
  ['7: user', usual.replace('//', '//user@'), call, '2YRLlVAflCqxaNicjMpJcSTgzSs='],
  ['8: user, password and 443', usual.replace('//', '//user:pass@'), call, 'ZQFR1PTIZXF2MXB8ZnKCvnnA+rI='],
  ['9: an apostrophe, signed escaped', `${usual}&Body=It's+amazing`, call, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
  ['10: one field twice', usual, bindings, '83O6e2vORAoJHUNzJjDWN1jz+BA='],
  ['11: the other way round', usual, bindings.toReversed(), '83O6e2vORAoJHUNzJjDWN1jz+BA='],
  ['12: the same value twice', usual, alike, 'IK+Dwps556ElfBT0I3Rgjkr1wJU='],
  ['13: JSON', `${usual}&bodySHA256=${hashOf(json)}`, json, 'a9nBmqA0ju/hNViExpshrM61xv4='],
  ['14: empty JSON', `${usual}&bodySHA256=${hashOf('{}')}`, '{}', 'Ldidvp12m26NI7eqEvxnEpkd9Hc='],
  [
    '15: nothing but the hash',
    `https://mycompany.com/myapp.php?bodySHA256=${hashOf(json)}`,
    json,
    'y77kIzt2vzLz71DgmJGsen2scGs=',
  ],
  [
    'all scripts',
    'https://e.example/h',
    [
      ['Body', 'مرحبا नमस्ते 😀'],
      ['From', '+1'],
    ],
    'L9mxPYrpqL9XqS1lARqsCi8UkYQ=',
  ],
]

describe('a sorted-form signature', () => {
  it.each(vectors)('vector %s is right', (_what, url, body, signature) => {
    expect(isSigned(signature, url, body)).toBe(true)
    expect(isSigned(signature, `${url}#rc=3`, body)).toBe(true)
  })

  it.each(vectors)('vector %s is wrong with another token, URL or body', (_what, url, body, signature) => {
    expect(isSigned(signature, url, body, '12346')).toBe(false)
    expect(
      isSigned(signature, url.replace('foo=1', 'foo=2').replace('/h', '/i').replace('/my', '/your'), body),
    ).toBe(false)
    expect(isSigned(signature, url, typeof body === 'string' ? `${body} ` : [...body, ['more', '1']])).toBe(
      false,
    )
  })

  it.each<[string, string, string, string]>([
    ['no signature', '', usual, new URLSearchParams(call).toString()],
    ['another signature', 'RSOYDt4T1cUTdK1PDd93/VVr8B9=', usual, new URLSearchParams(call).toString()],
    ['JSON without a hash', 'a9nBmqA0ju/hNViExpshrM61xv4=', usual, json],
    ['a wrong hash', 'a9nBmqA0ju/hNViExpshrM61xv4=', `${usual}&bodySHA256=${hashOf('{}')}`, json],
    ['an empty hash', 'a9nBmqA0ju/hNViExpshrM61xv4=', `${usual}&bodySHA256=`, json],
  ])('%s is refused', (_what, signature, url, body) => {
    expect(isSigned(signature, url, body)).toBe(false)
  })

  it('is refused over bytes that are no text', () => {
    const signature = getExpectedTwilioSignature(token, usual, { a: '\ufffd' })
    const body = Buffer.concat([Buffer.from('a='), Buffer.of(0xff)])
    expect(isRightlySigned({ url: usual, body, signature }, token)).toBe(false)
  })
})

describe('a forged form costs little', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `f${index}=x`).join('&')

  it.each([
    ['1 MB of names', names(90_000).padEnd(1_048_576, 'x')],
    ['1 MB of one name', 'a=1&'.repeat(262_144)],
    ['199 kB of names', names(20_000)],
    ['one field of 1 MB', `Body=${'x'.repeat(1_048_576)}`],
    ['the most fields, and nearly the most bytes', `${names(499)}&Body=${'%D9%85'.repeat(10_000)}`],
  ])('%s is refused within 100 ms', (_what, body) => {
    const began = performance.now()
    expect(isSigned('RSOYDt4T1cUTdK1PDd93/VVr8B8=', usual, body)).toBe(false)
    expect(performance.now() - began).toBeLessThan(100)
  })

  it('the same with a query as long as servers take', () => {
    const began = performance.now()
    expect(isSigned('RSOYDt4T1cUTdK1PDd93/VVr8B8=', `${usual}&${names(2_500)}`, call)).toBe(false)
    expect(performance.now() - began).toBeLessThan(100)
  })

  it.each([
    ['501 fields', names(501)],
    ['more than 64 kB', `Body=${'x'.repeat(65_536)}`],
  ])('%s are refused though rightly signed, 500 and 64 kB are not', (_what, body) => {
    const rightly = (text: string) =>
      isSigned(
        getExpectedTwilioSignature(token, usual, Object.fromEntries(new URLSearchParams(text))),
        usual,
        text,
      )
    expect(rightly(body)).toBe(false)
    expect(rightly(body.includes('&') ? names(500) : body.slice(0, 65_536))).toBe(true)
  })
})

const anyHost = fc.constantFrom('qasid.example', 'Qasid.Example', '127.0.0.1', '[::1]', 'xn--mgbh0fb.example')
const anyPort = fc.constantFrom('', '', ':443', ':80', ':1234', ':8443')
const anyUser = fc.constantFrom('', '', '', 'user@', 'user:pass@', 'a@b:p@')
const anyWord = fc.oneof(
  fc.constantFrom(
    'a',
    "it's",
    '%27',
    '+',
    '%20',
    'سارة',
    '%D8%B3',
    '10',
    '2',
    '',
    '%zz',
    '%E0%A4',
    '!*()',
    '😀',
    'a:b',
    '@',
  ),
  fc.string({ unit: fc.constantFrom(...'ab1~!$*(),;:@/?"<>[]{}|^`\\ '), maxLength: 5 }),
)
const anyQuery = fc
  .array(fc.tuple(anyWord, fc.option(anyWord)), { maxLength: 4 })
  .map((pairs) => pairs.map(([name, value]) => (value === null ? name : `${name}=${value}`)).join('&'))
const anyUrl = fc
  .record({
    scheme: fc.constantFrom('https://', 'http://', 'HTTPS://'),
    user: anyUser,
    host: anyHost,
    port: anyPort,
    path: anyWord.map((word) => `/${word.replace(/[?#]/g, '')}`),
    query: fc.option(anyQuery),
  })
  .map(({ scheme, user, host, port, path, query }) =>
    [scheme, user, host, port, path, query === null ? '' : `?${query}`].join(''),
  )
  .filter((url) => URL.canParse(url))
const anyText = fc.string({ unit: 'grapheme', maxLength: 12 })
const anyForm = fc.array(
  fc.tuple(fc.oneof(fc.constantFrom('Body', 'From', 'a', '10', '2'), anyText), anyText),
  {
    maxLength: 6,
  },
)

/** As a server hands a form to the SDK: a field that comes twice is a list. */
function asParams(form: [string, string][]): Record<string, string | string[]> {
  const fields = new URLSearchParams(form)
  const params: Record<string, string | string[]> = Object.create(null)
  for (const name of fields.keys()) {
    const [first = '', ...more] = fields.getAll(name)
    params[name] = more.length > 0 ? [first, ...more] : first
  }
  return params
}

describe('agrees with the company’s own library', () => {
  it('on 1,000 random forms, signed over any spelling of the URL or altered since', () => {
    const seen = { right: 0, wrong: 0 }
    const anyCase = fc.record({
      url: anyUrl,
      form: anyForm,
      other: anyForm,
      pick: fc.nat(),
      altered: fc.nat(3),
    })
    fc.assert(
      fc.property(anyCase, ({ url, form, other, pick, altered }) => {
        const spellings = [
          url,
          new URL(url).href,
          ...spellingsOf(url),
          url.replace('.example', '.example:443'),
        ]
        const signedUrl = spellings[pick % spellings.length] ?? url
        const signature = getExpectedTwilioSignature(token, signedUrl, asParams(altered === 0 ? other : form))
        const wanted = validateRequest(token, signature, url, asParams(form))
        expect(isSigned(signature, url, form)).toBe(wanted)
        seen[wanted ? 'right' : 'wrong'] += 1
      }),
      { numRuns: 1_000 },
    )
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(100)
  })

  it('on 1,000 random bodies that are no form', () => {
    const seen = { right: 0, wrong: 0 }
    const anyCase = fc.record({
      url: anyUrl,
      body: anyText,
      other: anyText,
      pick: fc.nat(),
      altered: fc.nat(3),
    })
    fc.assert(
      fc.property(anyCase, ({ url, body, other, pick, altered }) => {
        const hash = hashOf(altered === 0 ? other : body)
        const full = `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${hash}`
        const spellings = [full, new URL(full).href, ...spellingsOf(full), url]
        const signature = getExpectedTwilioSignature(token, spellings[pick % spellings.length] ?? full, {})
        const wanted = validateRequestWithBody(token, signature, full, body)
        expect(isSigned(signature, full, body)).toBe(wanted)
        seen[wanted ? 'right' : 'wrong'] += 1
      }),
      { numRuns: 1_000 },
    )
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(100)
  })
})
