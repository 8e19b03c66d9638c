/** A company that answers by a script, one line for each call, and keeps what it was asked. It ends with its test. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { TwilioCredentials } from '../../src/providers/twilio/twilio.ts'

export interface Scripted {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

export interface Asked {
  call: string
  key?: string
  body: string
}

/** Answers by `GET /path`; what is not written is 404. */
export async function startCompany(script: (url: string) => Record<string, Scripted>) {
  const asked: Asked[] = []
  let url = ''
  const server = createServer(async (request, response) => {
    const call = `${request.method} ${request.url}`
    asked.push({ call, key: keyIn(request), body: await textOf(request) })
    const { status, headers = {}, body = '' } = script(url)[call] ?? { status: 404, body: { code: 20404 } }
    const isBytes = typeof body === 'string' || body instanceof Uint8Array
    response.writeHead(status, {
      'content-type': isBytes ? 'application/pdf' : 'application/json',
      ...headers,
    })
    response.end(isBytes ? body : JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, asked, calls: () => asked.map(({ call }) => call) }
}

function keyIn({ headers }: IncomingMessage): string | undefined {
  const [, encoded] = /^Basic (.*)$/.exec(headers.authorization ?? '') ?? []
  return encoded && atob(encoded)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

export const accountSid = 'AC00000000000000000000000000000001'
export const ownKey = `${accountSid}:auth-token`
export const account = `/2010-04-01/Accounts/${accountSid}`
export const at = (url: string, more: Partial<TwilioCredentials> = {}): TwilioCredentials => ({
  ...{ accountSid, authToken: 'auth-token', baseUrl: url, contentUrl: url },
  ...more,
})
