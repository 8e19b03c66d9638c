/** `qasid pipe`, as a mail server runs it: a mail on standard input, nothing of the deployment, an exit code it knows. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pipeMail } from '../../src/compose/commands/pipe-mail.ts'
import type { RawWebhook } from '../../src/providers/provider.ts'
import { smtp } from '../../src/providers/smtp/smtp.ts'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const webhookSecret = 'webhook-secret-of-a-test'
// Bytes that are no UTF-8 must arrive as they are.
const mail = Buffer.concat([Buffer.from('From: ada@home.example\r\n\r\n'), Buffer.from([0xe5, 0xff, 0x0a])])

let folder: string
let secretFile: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qasid-pipe-'))
  secretFile = join(folder, 'mail-secret')
  await writeFile(secretFile, `${webhookSecret}\n`, { mode: 0o600 })
})
afterAll(() => rm(folder, { recursive: true }))

const started: Server[] = []
afterEach(async () => {
  for (const server of started.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function startWebhook(status: number, headers: Record<string, string> = {}) {
  const heard: RawWebhook[] = []
  const server = createServer(async (request, response) => {
    const given = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, `${value}`]),
    )
    heard.push({ method: 'POST', url: '', headers: given, body: await buffer(request) })
    response.writeHead(status, headers).end('{"error":"One sentence."}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  started.push(server)
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/a/mail` }
}

async function pipe(args: string[], secret = webhookSecret) {
  const said: string[] = []
  const code = await pipeMail(args, {
    mail: Readable.from([mail]),
    readText: async (path) => {
      if (path !== secretFile) throw new Error(`ENOENT ${path}`)
      return secret
    },
    err: (line) => void said.push(line),
  })
  return { code, said }
}

describe('qasid pipe', () => {
  it('hands the mail over as it came, signed as the webhook wants it, without any environment', async () => {
    const { heard, url } = await startWebhook(200)
    const child = spawn(process.execPath, [cli, 'pipe', '--secret-file', secretFile, url], { env: {} })
    child.stdin.end(mail)
    const ended = new Promise((resolve) => child.once('close', resolve))
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
    expect([out, err, code]).toEqual(['', '', 0])
    expect(heard).toHaveLength(1)
    const [webhook] = heard
    if (!webhook) return
    expect(Buffer.compare(webhook.body, mail)).toBe(0)
    expect(webhook.headers['content-type']).toBe('message/rfc822')
    const given = { host: 'a', port: '25', security: 'tls' as const, webhookSecret }
    expect(smtp.verify(webhook, given)).toEqual({ kind: 'valid' })
  })

  it.each<[number, number, string]>([
    [200, 0, 'taken'],
    [204, 0, 'taken'],
    [400, 65, 'refused for good'],
    [413, 65, 'refused for good'],
    [401, 75, 'kept'],
    [404, 75, 'kept'],
    [429, 75, 'kept'],
    [500, 75, 'kept'],
    [503, 75, 'kept'],
  ])('answered with %d ends with %d: %s', async (status, code) => {
    const { url } = await startWebhook(status)
    const said = code === 0 ? [] : [`Qasid did not take the mail (${status}).`]
    expect(await pipe(['--secret-file', secretFile, url])).toEqual({ code, said })
  })

  it('follows no other address', async () => {
    const elsewhere = await startWebhook(200)
    const { url } = await startWebhook(307, { location: elsewhere.url })
    expect(await pipe(['--secret-file', secretFile, url])).toMatchObject({ code: 75 })
    expect(elsewhere.heard).toEqual([])
  })

  it('keeps the mail where nobody is there', async () => {
    const { url } = await startWebhook(200)
    for (const server of started.splice(0)) await new Promise((resolve) => server.close(resolve))
    expect(await pipe(['--secret-file', secretFile, url])).toEqual({
      ...{ code: 75, said: ['Qasid cannot be reached (ECONNREFUSED).'] },
    })
  })

  it('keeps the mail where it is set up wrongly, and repeats no secret', async () => {
    const { url, heard } = await startWebhook(200)
    const wrong: [string[], string?][] = [
      [[url]],
      [['--secret-file', secretFile]],
      [['--secret-file', secretFile, 'qasid.example']],
      [['--secret-file', secretFile, 'file:///etc/passwd']],
      [['--secret-file', secretFile, url, url]],
      [['--secret', webhookSecret, url]],
      [['--secret-file', '/nowhere', url]],
      [['--secret-file', secretFile, url], '\n'],
    ]
    for (const [args, secret] of wrong) {
      const { code, said } = await pipe(args, secret)
      expect([code, said.length]).toEqual([75, 1])
      expect(said.join()).not.toContain(webhookSecret)
    }
    expect(heard).toEqual([])
  })
})
