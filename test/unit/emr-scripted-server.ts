/** An HTTP server that says what it is told to say, in order, and keeps what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { expect } from 'vitest'
import { EmrError } from '../../src/flows/ports.ts'

export interface Asked {
  method: string
  url: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

export type Answer =
  | { status?: number; headers?: Record<string, string>; json?: unknown; text?: string }
  | ((response: ServerResponse, asked: Asked) => void)

export interface ScriptedServer extends AsyncDisposable {
  /** No slash at its end. */
  origin: string
  asked: Asked[]
}

/** The last answer is repeated. A function answers by itself, or never. */
export async function startScriptedServer(...answers: Answer[]): Promise<ScriptedServer> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const one = await readRequest(request)
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? {}
    asked.push(one)
    if (typeof answer === 'function') return answer(response, one)
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/fhir+json', ...answer.headers })
    response.end(answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readRequest(request: IncomingMessage): Promise<Asked> {
  let body = ''
  for await (const chunk of request) body += chunk
  return { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
}

/** The error, and everything that a log could print of it. */
export async function failure(work: Promise<unknown>): Promise<{ error: EmrError; printed: string }> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(EmrError)
  return { error: error as EmrError, printed: inspect(error, { depth: 10, showHidden: true }) }
}
