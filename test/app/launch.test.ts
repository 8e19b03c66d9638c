import { describe, expect, it } from 'vitest'
import { answersUs, makeNonce } from '../../smart-app/src/launch/id-token-nonce.ts'
import { readContext } from '../../smart-app/src/launch/launch-context.ts'
import { readLaunch } from '../../smart-app/src/launch/launch-parameters.ts'
import { type Authorization, startLaunch } from '../../smart-app/src/launch/start-launch.ts'

const iss = 'https://emr.example/fhir'
const client = { iss, clientId: 'qasid-app', scope: 'openid launch' }

describe('a launch', () => {
  it('is its issuer and its token, and nothing else of the address', () => {
    const query = `?iss=${encodeURIComponent(iss)}&launch=abc&clientId=x&fhirServiceUrl=https://evil.example&patientId=1`
    expect(readLaunch(query)).toEqual({ kind: 'ehr', iss, launch: 'abc' })
  })

  it.each([
    ['?iss=https://emr.example/fhir', { kind: 'standalone', iss }],
    ['', { kind: 'standalone' }],
    ['?patientId=1&fhirServiceUrl=https://evil.example', { kind: 'standalone' }],
  ])('that the host did not begin is standalone: %j', (query, expected) => {
    expect(readLaunch(query)).toEqual(expected)
  })

  it.each([
    '?launch=abc',
    '?iss=javascript:alert(1)&launch=a',
    '?iss=x&launch=a',
    '?iss=x',
    '?iss=',
    '?iss=https://emr.example/fhir&launch=',
    '?iss=https://emr.example/fhir&iss=https://evil.example&launch=a',
    '?iss=https://emr.example/fhir&launch=a&launch=b',
  ])('is refused when incomplete, odd or ambiguous: %j', (query) => {
    expect(readLaunch(query)).toBeUndefined()
  })
})

/** Our own server and the SMART library, as far as a launch sees them. */
function around(
  answer: Response | undefined,
  address: string | Error = 'https://emr.example/authorize?state=s&code_challenge=c',
) {
  const seen = { asked: [] as string[], authorizations: [] as Authorization[], gone: [] as string[] }
  const stored = new Map<string, string>()
  let drawn = 0
  const parts = {
    async fetch(path: string | URL | Request) {
      seen.asked.push(String(path))
      if (!answer) throw new TypeError('Nobody answers')
      return answer
    },
    async authorize(authorization: Authorization) {
      seen.authorizations.push(authorization)
      if (address instanceof Error) throw address
      return address
    },
    random(bytes: number) {
      drawn += 1
      return new Uint8Array(bytes).fill(drawn)
    },
    storage: { setItem: (key: string, value: string) => void stored.set(key, value) },
    go: (to: string) => void seen.gone.push(to),
  }
  return { parts, seen, stored }
}

describe('the way to the host', () => {
  it('asks our own server first, then goes with what that said, PKCE, and a state and a nonce that nobody can guess', async () => {
    const { parts, seen, stored } = around(Response.json(client))
    expect(await startLaunch({ kind: 'ehr', iss, launch: 'abc' }, parts)).toBeUndefined()
    expect(seen.asked).toEqual([`/api/launch-check?iss=${encodeURIComponent(iss)}&launch=ehr`])
    expect(seen.authorizations).toEqual([
      {
        ...{ ...client, launch: 'abc', redirectUri: '/app', pkceMode: 'required', completeInTarget: true },
        ...{ noRedirect: true, stateKey: '01'.repeat(24) },
      },
    ])
    const gone = new URL(seen.gone[0] ?? '')
    expect(gone.searchParams.get('nonce')).toBe('02'.repeat(24))
    expect([...stored.values()]).toEqual(['02'.repeat(24)])
  })

  it('of a standalone launch carries no launch token, and asks for the host of our own server', async () => {
    const { parts, seen } = around(Response.json(client))
    expect(await startLaunch({ kind: 'standalone' }, parts)).toBeUndefined()
    expect(seen.asked).toEqual(['/api/launch-check?launch=standalone'])
    expect(seen.authorizations[0]).not.toHaveProperty('launch')
    expect(seen.authorizations[0]?.iss).toBe(iss)
  })

  it.each([
    [404, 'unknownHost'],
    [409, 'several'],
    [503, 'unreachable'],
  ])('ends when our server answers %i: %s, and the host hears nothing', async (status, trouble) => {
    const { parts, seen } = around(new Response('{}', { status }))
    expect(await startLaunch({ kind: 'ehr', iss, launch: 'abc' }, parts)).toBe(trouble)
    expect(seen.authorizations).toEqual([])
  })

  it('ends when our server is away or says something else', async () => {
    const launch = { kind: 'ehr', iss, launch: 'abc' } as const
    expect(await startLaunch(launch, around(undefined).parts)).toBe('unreachable')
    expect(await startLaunch(launch, around(Response.json({})).parts)).toBe('unreachable')
    expect(await startLaunch(undefined, around(undefined).parts)).toBe('incomplete')
  })

  it.each<[string, string | Error]>([
    ['knows no PKCE', new Error('Required PKCE code challenge method was not found')],
    ['asks for no sign-in', 'https://qasid.example/app?state=s'],
    ['leads nowhere', ''],
  ])('is refused where the host %s', async (_what, address) => {
    const { parts, seen } = around(Response.json(client), address)
    expect(await startLaunch({ kind: 'ehr', iss, launch: 'abc' }, parts)).toBe('refused')
    expect(seen.gone).toEqual([])
  })
})

describe('the nonce of an id_token', () => {
  const stored = new Map<string, string>()
  const storage = {
    setItem: (key: string, value: string) => void stored.set(key, value),
    getItem: (key: string) => stored.get(key) ?? null,
  }
  const tokenWith = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`

  it.each([
    [tokenWith({ nonce: 'ours', name: 'سعاد?>' }), true],
    [tokenWith({ nonce: 'another' }), false],
    [tokenWith({ nonce: '' }), false],
    [tokenWith({ sub: 'mona' }), true],
    ['', true],
    ['nonsense', true],
  ])('is the one that we asked with, where there is one: %s', (idToken, expected) => {
    makeNonce(storage, 'ours')
    expect(answersUs(idToken, storage)).toBe(expected)
  })
})

describe('what the host opens us for', () => {
  it.each<[unknown, object]>([
    [{}, { intent: 'thread' }],
    [undefined, { intent: 'thread' }],
    [{ intent: 'thread' }, { intent: 'thread' }],
    [{ intent: 'compose' }, { intent: 'compose' }],
    [{ intent: 'inbox' }, { intent: 'thread', lacks: 'inbox' }],
    [{ intent: 'reconcile-medications' }, { intent: 'thread' }],
    [{ intent: 7, fhirContext: 'Appointment/1' }, { intent: 'thread' }],
    [
      { fhirContext: [{ reference: 'Encounter/2' }, { reference: 'Appointment/1', role: 'launch' }] },
      { intent: 'thread', visit: 'Appointment/1' },
    ],
    [{ fhirContext: [{ reference: `${iss}/Appointment/1` }] }, { intent: 'thread', visit: 'Appointment/1' }],
    [
      { intent: 'compose', fhirContext: [null, { canonical: 'x' }, { reference: 'Appointment/../1' }] },
      { intent: 'compose' },
    ],
  ])('is read, and what is odd is left out: %j', (response, expected) => {
    expect(readContext(response)).toEqual(expected)
  })
})
