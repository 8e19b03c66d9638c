import { describe, expect, it, onTestFinished } from 'vitest'
import { checklists } from '../../src/domain/checklists/index.ts'
import { readInstalls } from '../../src/install-file.ts'
import { startScriptedServer } from '../unit/emr-scripted-server.ts'
import { recordsOf, startDeployment, startHost, startStore } from './clinic-to-install.ts'

const named = ['--id', 'clinic', '--with', 'clinic.json']

async function start(like: 'epic' | 'oracle') {
  const clinic = await startDeployment({ env: { HOST_SECRET: 'only-the-host-knows-it' } })
  const host = await startHost(clinic.baseUrl, like)
  const store = await startStore(clinic.baseUrl)
  return { clinic, host, args: [host.fhirUrl, ...named, '--store', store.fhirUrl] }
}

describe.each(['epic', 'oracle'] as const)('a host like %s, whose clients are typed in by hand', (like) => {
  it('ends the first run with a list of what to type, and nothing is changed anywhere', async () => {
    const { clinic, host, args } = await start(like)
    const before = await recordsOf(host)
    const { code, out } = await clinic.qasid('install', ...args)
    expect(code).toBe(3)
    for (const path of ['/launch', '/app', '/.well-known/jwks/clinic.json'])
      expect(out).toContain(`\`${clinic.baseUrl}${path}\``)
    expect(out).toContain(`qasid install ${args.join(' ')} --client-id … --app-client-id …`)
    expect(await recordsOf(host)).toEqual(before)
    expect(await readInstalls(clinic.config).catch(() => [])).toEqual([])
  })

  it('is installed by the command that the list ends with', async () => {
    const { clinic, args } = await start(like)
    const { out } = await clinic.qasid('install', ...args)
    const next = /^qasid install (.+)$/m.exec(out)?.[1] ?? ''
    const typed = next.replace('--client-id …', '--client-id qasid-worker').replace('…', 'qasid-app')
    expect((await clinic.qasid('install', ...typed.split(' '))).code).toBe(0)
    const [file] = await readInstalls(clinic.config)
    expect(file?.host.clientId).toBe('qasid-worker')
    expect(file?.app?.clientId).toBe('qasid-app')
  })

  it('is told that it does not know the client, when the id was typed wrong', async () => {
    const { clinic, args } = await start(like)
    const { code, err } = await clinic.qasid('install', ...args, '--client-id', 'nobody')
    expect(err).toMatch(/does not know the worker's client or could not fetch its keys \(invalid_client\)/)
    expect(code).toBe(1)
  })
})

describe('a list of what to type', () => {
  const wishes = {
    software: { id: 'qasid', name: 'Qasid', version: '1', publisher: { name: 'Qasid', contacts: [] } },
    app: {
      name: 'Qasid Messages',
      launchUrl: 'https://qasid.example/launch',
      redirectUrls: ['https://qasid.example/app'],
      scopes: ['openid', 'launch', 'patient/Patient.r', 'patient/Appointment.rs'],
    },
    worker: {
      name: 'Qasid worker',
      jwksUrl: 'https://qasid.example/.well-known/jwks/clinic.json',
      scopes: ['system/Patient.rs', 'system/Appointment.rs'],
      optionalScopes: ['system/DocumentReference.r'],
    },
  }
  const facts = { wishes, fhirBase: 'https://emr.example/fhir', next: 'qasid install … --client-id …' }

  it.each(
    Object.entries(checklists),
  )('%s holds each address, both names and the next command', (_name, list) => {
    const text = list(facts)
    const addresses = [wishes.app.launchUrl, ...wishes.app.redirectUrls, wishes.worker.jwksUrl]
    for (const wanted of [...addresses, wishes.app.name, wishes.worker.name, facts.fhirBase, facts.next])
      expect(text).toContain(wanted)
    expect(text).not.toContain('undefined')
  })

  it('holds no secret: those are named, not typed', async () => {
    const { clinic, args } = await start('epic')
    const { out, err } = await clinic.qasid('install', ...args, '--client-secret-env', 'HOST_SECRET')
    expect(out).toContain('--client-secret-env HOST_SECRET')
    expect(`${out}${err}`).not.toContain('only-the-host-knows-it')
  })
})

/** The host, but that its token endpoint takes a secret. */
async function startVendor(host: string) {
  const asAdmin = { headers: { authorization: 'Bearer sandbox-admin' } }
  const server = await startScriptedServer(async (response, { url, headers }) => {
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body))
    if (url === '/token') return void send(200, { access_token: 'token', expires_in: 300 })
    if (url.endsWith('smart-configuration'))
      return void send(200, { token_endpoint: `http://${headers.host}/token` })
    const answer = await fetch(`${host}${url}`, asAdmin)
    send(answer.status, await answer.json())
  })
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server
}

describe('a secret that a host gave', () => {
  it('is kept sealed, and is not sealed anew where it is the same', async () => {
    const { clinic, host, args } = await start('epic')
    const vendor = await startVendor(host.url)
    const typed = ['--client-id', 'qasid-worker', '--client-secret-env', 'HOST_SECRET']
    const install = () => clinic.qasid('install', `${vendor.origin}/fhir`, ...args.slice(1), ...typed)
    expect((await install()).code).toBe(0)
    const before = await clinic.files()
    expect(Object.values(before).join()).not.toContain('only-the-host-knows-it')
    expect(JSON.parse(before['installs/clinic.json'] ?? '').host.clientSecret).toMatch(/^sealed:/)
    expect((await install()).code).toBe(0)
    expect((await clinic.files())['installs/clinic.json']).toBe(before['installs/clinic.json'])
  })
})
