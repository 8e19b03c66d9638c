/** A ULID (https://github.com/ulid/spec): sorts by time, and two screens never make the same one. */
import type { Instant } from '../../../src/domain/time.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `random` is ten bytes. */
export function ulid(now: Instant, random: Uint8Array): string {
  const randomPart = random.reduce((number, byte) => number * 256n + BigInt(byte), 0n)
  return base32(BigInt(now), 10) + base32(randomPart, 16)
}

function base32(number: bigint, length: number): string {
  return Array.from({ length }, (_, index) => {
    const shift = BigInt(5 * (length - 1 - index))
    return alphabet[Number((number >> shift) & 31n)] ?? ''
  }).join('')
}
