/** A carrier that does nothing but note when it was called, on its own clock: `pace-carrier.ts` says its port and then waits. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const calls: { at: number; cost: number }[] = []
const server = createServer((request, response) => {
  if (request.method === 'GET') return void response.end(JSON.stringify(calls))
  calls.push({ at: performance.now(), cost: Number(request.headers['x-segments'] ?? 1) })
  request.resume()
  response.end()
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
