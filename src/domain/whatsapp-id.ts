/**
 * Phone numbers as WhatsApp spells them. Its ids keep forms that the countries gave up or that people never write; for a
 * person to be found, and for one thread per person, they are brought into the E.164 form of today. WhatsApp itself takes
 * either form as a recipient.
 */
import { type Address, isUserId, parseAddress, parseInboundAddress } from './address.ts'

/** The address behind a `wa_id`, a display number or a business-scoped user id; `undefined` when it is none. */
export function parseWhatsAppId(id: string): Address | undefined {
  if (isUserId(id)) return parseInboundAddress('whatsapp', id)
  const digits = id.replace(/[\s().+-]/g, '')
  if (!/^\d{5,15}$/.test(digits)) return undefined
  const today = parseAddress('whatsapp', `+${formOfToday(digits)}`)
  // A form that no plan knows is kept as WhatsApp has it.
  return today.kind === 'address' ? today.address : parseInboundAddress('whatsapp', `+${digits}`)
}

/** The number that a business shows. Unlike a person's it may be a landline, which has no older form. */
export function parseDisplayNumber(text: string): Address | undefined {
  const plain = `+${text.replace(/\D/g, '')}`
  const parsed = parseAddress('whatsapp', plain)
  const isLandline = parsed.kind === 'refused' && parsed.reason === 'not-a-mobile'
  return isLandline ? parseInboundAddress('whatsapp', plain) : parseWhatsAppId(text)
}

/** Each row: how WhatsApp has it, and how the country writes it. */
const olderForms: [RegExp, string][] = [
  [/^521(\d{10})$/, '52$1'], // Mexico: the 1 of mobiles went in 2019
  [/^55([1-9]\d)([6-9]\d{7})$/, '55$19$2'], // Brazil: mobiles have nine digits since 2016, ids of before have eight
  [/^54([1-8]\d{9})$/, '549$1'], // Argentina: the 9 of mobiles is left out on some accounts
]

function formOfToday(digits: string): string {
  const [form, today] = olderForms.find(([one]) => one.test(digits)) ?? []
  return form && today ? digits.replace(form, today) : digits
}
