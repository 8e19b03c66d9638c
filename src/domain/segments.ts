/**
 * How many SMS a text is billed as: GSM 03.38 when every character is in its alphabet, else UCS-2. Long texts are
 * cut into parts that lose a few characters to their header. What the provider reports wins for billing.
 */
export interface SegmentCount {
  encoding: 'GSM-7' | 'UCS-2'
  /** Septets, or UTF-16 code units. */
  units: number
  /** 0 for an empty text. */
  segments: number
  /** Units that fit in each segment at this length. */
  perSegment: number
}

export function countSegments(text: string): SegmentCount {
  const characters = Array.from(text)
  const encoding = characters.every((one) => gsmBasic.includes(one) || gsmExtended.includes(one))
    ? 'GSM-7'
    : 'UCS-2'
  // A surrogate pair is two units, an extended GSM character an escape and itself.
  const costs = characters.map((one) => (gsmExtended.includes(one) && encoding === 'GSM-7' ? 2 : one.length))
  const units = costs.reduce((sum, cost) => sum + cost, 0)
  const { alone, inParts } = capacity[encoding]
  if (units <= alone) return { encoding, units, segments: Math.min(units, 1), perSegment: alone }
  return { encoding, units, segments: countParts(costs, inParts), perSegment: inParts }
}

const capacity = {
  'GSM-7': { alone: 160, inParts: 153 },
  'UCS-2': { alone: 70, inParts: 67 },
}

/** A character of two units is never cut: it moves to the next part and leaves a unit unused. */
function countParts(costs: number[], room: number): number {
  let parts = 1
  let used = 0
  for (const cost of costs) {
    if (used + cost > room) {
      parts += 1
      used = 0
    }
    used += cost
  }
  return parts
}

/** GSM 03.38 basic character set, in its order; without the escape. */
const gsmBasic = [
  '@£$¥èéùìòÇ\nØø\rÅå',
  'Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ',
  ' !"#¤%&\'()*+,-./',
  '0123456789:;<=>?',
  '¡ABCDEFGHIJKLMNO',
  'PQRSTUVWXYZÄÖÑÜ§',
  '¿abcdefghijklmno',
  'pqrstuvwxyzäöñüà',
].join('')

/** Its extension table: each is sent as an escape and a character. */
const gsmExtended = '\f^{}\\[~]|€'
