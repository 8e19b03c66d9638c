/** A carrier that does nothing but note when it was called, on its own clock: `pace-carrier.ts` says its port and then waits. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setPriority } from 'node:os'

// A real carrier has machines of its own: what it counts must not hang on when ours lets it look. Not everyone may ask.
try {
  setPriority(-15)
} catch {}

const calls: { at: number; cost: number }[] = []
const server = createServer((request, response) => {
  if (request.method === 'GET') return void response.end(JSON.stringify(calls))
  calls.push({ at: performance.now(), cost: Number(request.headers['x-segments'] ?? 1) })
  request.resume()
  response.end()
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
