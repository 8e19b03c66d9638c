/** The ways to reach a patient. WhatsApp and SMS share the phone number; they never share a consent. */
export const channels = ['sms', 'whatsapp', 'email'] as const

export type Channel = (typeof channels)[number]

export function isChannel(text: unknown): text is Channel {
  return channels.includes(text as Channel)
}

/** Channels that are reached by the same address: a STOP on one holds for its twin. */
export function channelsOfSameAddress(channel: Channel): Channel[] {
  return channel === 'email' ? ['email'] : ['sms', 'whatsapp']
}
