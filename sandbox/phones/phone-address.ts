/** What people type as a phone's address: E.164 with any spacing, or a mailbox. */
import { parsePhoneNumberWithError } from 'libphonenumber-js/max'

export function readAddress(typed: string): string | undefined {
  const trimmed = typed.trim()
  if (trimmed.includes('@')) {
    return /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(trimmed) ? trimmed.toLowerCase() : undefined
  }
  const number = trimmed.replace(/[\s().-]/g, '')
  return /^\+[1-9]\d{4,14}$/.test(number) ? number : undefined
}

/** Grouped as people read numbers; a mailbox stays as it is. */
export function spacedAddress(address: string): string {
  try {
    return address.includes('@') ? address : parsePhoneNumberWithError(address).formatInternational()
  } catch {
    return address
  }
}
