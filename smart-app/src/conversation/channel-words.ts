/** `WhatsApp, then SMS`: a routing plan as people say it. */
import type { TFunction } from 'i18next'
import type { Channel } from '../../../src/domain/channel.ts'

export function planWords(plan: Channel[], t: TFunction): string {
  const [first, ...rest] = plan.map((channel) => t(`channel.${channel}`))
  if (!first) return ''
  return rest.reduce((before, next) => t('composer.sequence', { first: before, rest: next }), first)
}
