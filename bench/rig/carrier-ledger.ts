/** The stranger's carrier as we drive it: its process, orders for it, and what its ledger says. */
import { createHash, randomBytes } from 'node:crypto'
import { type Child, startChild } from './child.ts'

/** One accepted message, in the order of arrival. */
export interface Entry {
  id: string
  /** The sender's own correlation. */
  attempt: string
  /** Of the address, so that no number stands in a report. */
  mark: string
  /** When it arrived, milliseconds. */
  at: number
  segments: number
  /** Whether its answer was sent to someone who still listened. */
  answered: boolean
}

export interface Orders {
  /** Milliseconds from arrival to answer. */
  answersAfter: number
  /** `answered` = a delivery receipt for each message whose answer was sent. */
  receipts: 'none' | 'answered'
  /** How many of the next sends hear 429, and are not taken. */
  refuse: number
  /** How many of the next sends are taken, and the connection dropped. */
  drop: number
  /** Only one in so many: a company that answers nobody is left alone, and that is another story. */
  every: number
}

export interface Carrier {
  url: string
  token: string
  webhookSecret: string
  child: Child
  order(orders: Partial<Orders>): Promise<void>
  count(): Promise<number>
  /** When the first message to an address came, by its mark. */
  arrival(mark: string): Promise<number | undefined>
  ledger(): Promise<Entry[]>
}

export async function startCarrier(folder: string): Promise<Carrier> {
  const token = randomBytes(16).toString('hex')
  const webhookSecret = randomBytes(16).toString('hex')
  const env = { CARRIER_TOKEN: token, CARRIER_WEBHOOK_SECRET: webhookSecret }
  const child = startChild({ name: 'carrier', script: 'bench/rig/carrier.ts', env, folder })
  const url = await child.says(/http:\/\/\S+/)
  const ask = async (path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
    return (await fetch(`${url}${path}`, init)).json()
  }
  return {
    ...{ url, token, webhookSecret, child },
    order: async (orders) => void (await ask('/orders', orders)),
    count: async () => ((await ask('/ledger/count')) as { accepted: number }).accepted,
    arrival: async (mark) => ((await ask(`/ledger/arrival?mark=${mark}`)) as { at?: number }).at,
    ledger: async () => (await ask('/ledger')) as Entry[],
  }
}

/** How an address stands on the ledger. */
export function markOf(address: string): string {
  return createHash('sha256').update(address).digest('hex').slice(0, 16)
}
