/** A small picture per channel; the word always stands beside it or in a name. */
import type { Channel } from '../../../src/domain/channel.ts'
import { LineDrawing } from '../look/LineDrawing.tsx'

const shapes: Record<Channel, string> = {
  // a square speech bubble with dots
  sms: 'M3 3h14a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H8l-4 3v-3H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Zm3.2 6h.1m3.7 0h.1m3.7 0h.1',
  // a round speech bubble with a receiver
  whatsapp:
    'M10 2a8 8 0 0 1 0 16 8 8 0 0 1-3.8-1L2.5 18l1-3.5A8 8 0 0 1 10 2ZM7.3 6.6c-.6.4-1 1.2-.7 2.3.7 2.2 2.4 3.9 4.6 4.5 1 .2 1.8-.2 2.2-.8.2-.4.1-.6-.2-.8l-1.3-.7c-.3-.1-.5-.1-.7.2l-.4.5c-1-.4-2-1.4-2.4-2.4l.5-.4c.3-.2.3-.4.2-.7l-.7-1.4c-.2-.3-.7-.5-1.1-.3Z',
  email: 'M3 4h14a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Zm-.6.8L10 11l7.6-6.2',
}

export function ChannelIcon({ channel, size = 16 }: { channel: Channel; size?: number }) {
  return <LineDrawing path={shapes[channel]} size={size} />
}
