/** Patients' phones and the carrier behind them, by their HTTP. */

export type PhoneChannel = 'sms' | 'whatsapp' | 'email'

export interface PhoneMessage {
  id: string
  channel: PhoneChannel
  from: string
  to: string
  text: string
  at: string
  status: string
  file?: { contentType: string; name?: string; size: number }
}

/** As the phones' API takes it. */
export interface SentFile {
  contentType: string
  name: string
  base64: string
}

export interface Phones {
  /** Both directions, oldest first. */
  thread(address: string): Promise<PhoneMessage[]>
  /** What the clinic sent to it. */
  inbox(address: string): Promise<PhoneMessage[]>
  write(address: string, channel: PhoneChannel, text: string, file?: SentFile): Promise<PhoneMessage>
  /** What the carrier took under this attempt id. */
  ledger(attemptId: string): Promise<{ id: string; status: string }[]>
  misbehave(kind: string, times?: number): Promise<void>
  behave(): Promise<void>
}

export function createPhones(url: string, token: string): Phones {
  const ask = async (path: string, init: { method?: string; body?: object } = {}) => {
    const answer = await fetch(url + path, {
      method: init.method ?? 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(init.body && { body: JSON.stringify(init.body) }),
    })
    if (!answer.ok) throw new Error(`The phones answered ${answer.status} to ${path}`)
    return answer
  }
  const phone = (address: string) => `/api/phones/${encodeURIComponent(address)}`
  const thread = async (address: string) =>
    (await (await ask(`${phone(address)}/messages`)).json()) as PhoneMessage[]
  return {
    thread,
    inbox: async (address) => (await thread(address)).filter(({ to }) => to === address),
    async write(address, channel, text, file) {
      const body = { channel, text, ...(file && { file }) }
      const answer = await ask(`${phone(address)}/replies`, { method: 'POST', body })
      return (await answer.json()) as PhoneMessage
    },
    async ledger(attemptId) {
      const answer = await ask(`/carrier/messages?correlation=${encodeURIComponent(attemptId)}`)
      return (await answer.json()) as { id: string; status: string }[]
    },
    async misbehave(kind, times) {
      await ask('/carrier/faults', { method: 'POST', body: { kind, for: times } })
    },
    async behave() {
      await ask('/carrier/faults', { method: 'DELETE' })
    },
  }
}
