/** How a channel looks: word, picture and colour class, so that none of the three has to do it alone. */
import { html, type Markup } from './markup.ts'
import type { PhoneChannel } from './send-request.ts'

export const channelWords: Record<PhoneChannel, string> = {
  sms: 'SMS',
  whatsapp: 'WhatsApp',
  email: 'E-mail',
}

const paths: Record<PhoneChannel, string> = {
  sms: 'M4 4h16v12H9l-5 4z',
  whatsapp:
    'M12 3a9 9 0 0 0-7.7 13.6L3 21l4.5-1.2A9 9 0 1 0 12 3zm-3 5c0 4 3 7 7 7v-2l-2-1-1 1c-1-.5-2-1.5-2.5-2.500l1-1-1-2z',
  email: 'M3 5h18v14H3zm1.5 2L12 13l7.5-6z',
}

export function channelChip(channel: PhoneChannel): Markup {
  return html`<span class="chip ${channel}"><svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path fill-rule="evenodd" d="${paths[channel]}"/></svg>${channelWords[channel]}</span>`
}
