import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const main = fileURLToPath(new URL('../../sandbox/emr/main.ts', import.meta.url))

function start(environment: Record<string, string>, flags: readonly string[] = []) {
  const child = spawn(process.execPath, [main, ...flags], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, ended: once(child, 'exit'), errors: text(child.stderr) }
}

async function takePort() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

describe('the EMR as a process', () => {
  it('says in one line where it listens, serves the sample clinic and ends when asked', async () => {
    const { child, ended, errors } = start({ SANDBOX_EMR_PORT: '0' })
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
    const url = /^Sandbox EMR: (\S+), FHIR at \S+\n$/.exec(line)?.[1]
    const headers = { authorization: 'Bearer sandbox-admin' }
    const answer = await fetch(`${url}/fhir/Patient?_summary=count`, { headers })
    expect(await answer.json()).toMatchObject({ total: 200 })
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(await errors).toBe('')
  })

  it('says in one sentence that its port is taken', async () => {
    const port = await takePort()
    const { ended, errors } = start({ SANDBOX_EMR_PORT: String(port) })
    expect(await ended).toEqual([1, null])
    expect(await errors).toMatch(new RegExp(`^Port ${port} is taken: [^\\n]+\\n$`))
  })

  it.each([
    [{}, ['--like', 'epic'], 'Epic'],
    [{ SANDBOX_LIKE: 'oracle' }, [], 'Oracle Health Millennium FHIR'],
    [{ SANDBOX_LIKE: 'oracle' }, ['--like=hapi'], 'HAPI FHIR Server'],
  ])('is like the host that %j %j names', async (environment, flags, name) => {
    const { child } = start({ SANDBOX_EMR_PORT: '0', ...environment }, flags)
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
    const url = /FHIR at (\S+)\n$/.exec(line)?.[1]
    expect(await (await fetch(`${url}/metadata`)).json()).toMatchObject({ software: { name } })
  })

  it('names the hosts that it can be like', async () => {
    const { ended, errors } = start({}, ['--like', 'nobody'])
    expect(await ended).toEqual([1, null])
    expect(await errors).toContain('full, hapi, medplum, epic, oracle, openemr')
  })

  it('names the variable that it cannot read', async () => {
    const { ended, errors } = start({ SANDBOX_SEED: 'many' })
    expect(await ended).toEqual([1, null])
    expect(await errors).toContain('SANDBOX_SEED')
  })
})
