/**
 * How many SMS a text costs: 160/153 units of GSM-7 where every character has a place in its tables, else 70/67 UTF-16
 * units of UCS-2. A character is never split over two segments.
 */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡' +
    'ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** Behind an escape character, so each costs two. */
const extended = new Set('\f^{}\\[~]|€')

export function countSegments(text: string): number {
  const characters = Array.from(text)
  const isGsm = characters.every((character) => basic.has(character) || extended.has(character))
  const costs = characters.map((character) => (isGsm ? (extended.has(character) ? 2 : 1) : character.length))
  const [single, joined] = isGsm ? [160, 153] : [70, 67]
  const total = costs.reduce((sum, cost) => sum + cost, 0)
  if (total <= single) return 1
  let [segments, room] = [1, joined]
  for (const cost of costs) {
    if (cost > room) [segments, room] = [segments + 1, joined]
    room -= cost
  }
  return segments
}
