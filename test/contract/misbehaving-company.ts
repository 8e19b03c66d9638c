/** A company's API at its worst: it answers what it is told, or not at all. Any provider can be pointed at it. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'

export interface Misbehaviour {
  name: string
  answer(request: IncomingMessage, response: ServerResponse): void
}

const page = '<html><h1>It works!</h1></html>'

/** It answered, but not so that one could know whether the message was taken. */
export const unclearAnswers: Misbehaviour[] = [
  { name: '500 with a page', answer: (_, response) => void response.writeHead(500).end(page) },
  { name: '502 with nothing', answer: (_, response) => void response.writeHead(502).end() },
  {
    name: '504 in its own words',
    answer: (_, response) => void response.writeHead(504).end('{"fault":"late"}'),
  },
  { name: '200 with a page', answer: (_, response) => void response.writeHead(200).end(page) },
  { name: '200 with nothing', answer: (_, response) => void response.writeHead(200).end() },
  { name: '201 with half a body', answer: (_, response) => void response.writeHead(201).end('{"id":"S') },
  { name: '204', answer: (_, response) => void response.writeHead(204).end() },
  { name: 'null', answer: (_, response) => void response.writeHead(200).end('null') },
  { name: 'a cut connection', answer: (request) => void request.socket.destroy() },
  {
    name: 'a connection cut within the answer',
    answer(request, response) {
      response.writeHead(201, { 'content-length': '100' }).write('{"id":', () => request.socket.destroy())
    },
  },
]

/** They keep us waiting; only our own patience ends it. */
export const endlessAnswers: Misbehaviour[] = [
  { name: 'no answer at all', answer: () => {} },
  {
    name: 'an answer that never ends',
    answer: (_, response) => void response.writeHead(201).write('{"id":'),
  },
]

export interface MisbehavingCompany {
  url: string
  /** Resolves with the first request, once what there is of an answer is given. */
  asked: Promise<IncomingMessage>
  stop(): Promise<void>
}

export async function startMisbehaving({ answer }: Misbehaviour): Promise<MisbehavingCompany> {
  const asked = Promise.withResolvers<IncomingMessage>()
  const server = createServer(async (request, response) => {
    request.resume()
    await once(request, 'end')
    answer(request, response)
    // By then the beginning of an answer is with the caller, who sits in the same process.
    for (let turn = 0; turn < 20; turn += 1) await setImmediate()
    asked.resolve(request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: asked.promise,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An address at which surely nobody listens. */
export async function nobodysUrl(): Promise<string> {
  const company = await startMisbehaving({ name: 'soon gone', answer: () => {} })
  await company.stop()
  return company.url.replace('127.0.0.1', 'localhost')
}
