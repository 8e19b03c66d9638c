/** Stands where a host's notifications arrive, answers them as Qasid does, and keeps them. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Received {
  method: string
  path: string
  headers: Record<string, string | string[] | undefined>
  body: string
}

export interface Receiver {
  /** What a Subscription names as its endpoint. */
  endpoint: string
  received: Received[]
  /** Of the next answers, in order; 200 after them. */
  statuses: number[]
}

const thanks = JSON.stringify({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'information', code: 'informational' }],
})

/** Ends with the test. */
export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const statuses: number[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request
    received.push({ method, path, headers, body: (await request.toArray()).join('') })
    response.writeHead(statuses.shift() ?? 200, { 'content-type': 'application/json; charset=utf-8' })
    response.end(thanks)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { endpoint: `http://127.0.0.1:${port}/notify/clinic/k1`, received, statuses }
}
