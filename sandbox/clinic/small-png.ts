/** A grey PNG drawn by a function, uncompressed: https://www.w3.org/TR/png-3/ */

/** `shade` is 0 (black) to 255 (white). */
export function smallPng(width: number, height: number, shade: (x: number, y: number) => number): Uint8Array {
  const rows = Array.from({ length: height }, (_, y) => [
    // each row says first how it is filtered: not at all
    0,
    ...Array.from({ length: width }, (_, x) => shade(x, y)),
  ]).flat()
  // eight bits a pixel, grey
  const header = [...bytes32(width), ...bytes32(height), 8, 0, 0, 0, 0]
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk('IHDR', header),
    ...chunk('IDAT', zlib(rows)),
    ...chunk('IEND', []),
  ])
}

function chunk(name: string, content: readonly number[]): number[] {
  const named = [...ascii(name), ...content]
  return [...bytes32(content.length), ...named, ...bytes32(crc32(named))]
}

/** Stored as it is, in blocks of at most 65,535 bytes. */
function zlib(content: readonly number[]): number[] {
  const most = 65_535
  const blocks = Array.from({ length: Math.ceil(content.length / most) }, (_, index) => {
    const block = content.slice(index * most, (index + 1) * most)
    const isLast = (index + 1) * most >= content.length
    return [isLast ? 1 : 0, ...bytes16(block.length), ...bytes16(~block.length & 0xffff), ...block]
  })
  return [0x78, 0x01, ...blocks.flat(), ...bytes32(adler32(content))]
}

function crc32(content: readonly number[]): number {
  const rest = content.reduce((crc, byte) => {
    const mixed = crc ^ byte
    return Array.from({ length: 8 }).reduce<number>(
      (value) => (value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1),
      mixed,
    )
  }, 0xffffffff)
  return (rest ^ 0xffffffff) >>> 0
}

function adler32(content: readonly number[]): number {
  const [low, high] = content.reduce(
    ([a = 1, b = 0], byte) => [(a + byte) % 65_521, (b + a + byte) % 65_521],
    [1, 0],
  )
  return (((high ?? 0) << 16) | (low ?? 1)) >>> 0
}

function bytes32(number: number): number[] {
  return [number >>> 24, number >>> 16, number >>> 8, number].map((one) => one & 0xff)
}

/** The low byte first. */
function bytes16(number: number): number[] {
  return [number & 0xff, number >>> 8]
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0))
}
