/** Posts over a few connections that stay open, each as soon as its last answer came. */
import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'

export interface Post {
  path: string
  headers: Record<string, string>
  body: string
}

export interface Loaded {
  perSecond: number
  /** Milliseconds. */
  p99: number
  /** By status. */
  answers: Record<number, number>
}

export async function load(
  baseUrl: string,
  next: (index: number) => Post | undefined,
  { connections, runFor }: { connections: number; runFor: number },
): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port } = new URL(baseUrl)
  const took: number[] = []
  const answers: Record<number, number> = {}
  let index = 0
  const began = performance.now()
  const ends = began + runFor
  const one = async () => {
    while (performance.now() < ends) {
      const post = next(index++)
      if (!post) return
      const at = performance.now()
      const status = await send(agent, hostname, port, post)
      const now = performance.now()
      if (now > ends) continue
      took.push(now - at)
      answers[status] = (answers[status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  agent.destroy()
  const lasted = Math.min(performance.now(), ends) - began
  const sorted = took.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { perSecond: (took.length / lasted) * 1_000, p99: at(0.99), answers }
}

function send(agent: Agent, hostname: string, port: string, { path, headers, body }: Post): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    const call = request(
      { agent, hostname, port, path, method: 'POST', headers: { ...headers, ...length } },
      (answer) => {
        answer.resume()
        answer.once('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    call.once('error', reject)
    call.end(body)
  })
}
