/**
 * Which mails are small enough to be read at all. Reading one takes time and memory by the line, not by the byte, and
 * nothing else is done meanwhile: the fullest mail that passes took a third of a second and 140 MB.
 */

const mostLines = 50_000

/** The same mail, or one of the same meaning in fewer lines; `undefined` where even that has too many. */
export function withinBounds(raw: Uint8Array): Uint8Array | undefined {
  if (hasFewLines(raw)) return raw
  // A file of 10 MB comes in 180,000 lines of base64, and means the same in one.
  const joined = withFilesJoined(raw)
  return hasFewLines(joined) ? joined : undefined
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

function hasFewLines(raw: Uint8Array): boolean {
  let count = 0
  for (let at = raw.indexOf(lineFeed); at !== -1; at = raw.indexOf(lineFeed, at + 1)) {
    count += 1
    if (count > mostLines) return false
  }
  return true
}

/** Lines of base64 lose the line end between them. Headers and boundaries cannot look like one. */
function withFilesJoined(raw: Uint8Array): Uint8Array {
  const joined = new Uint8Array(raw.length)
  let length = 0
  let wasEncoded = false
  for (let at = 0; at < raw.length; ) {
    const feed = raw.indexOf(lineFeed, at)
    const next = feed === -1 ? raw.length : feed + 1
    const line = raw.subarray(at, next)
    const isOfFile = isEncoded(line)
    if (isOfFile && wasEncoded) length -= lineEndOf(joined.subarray(0, length))
    joined.set(line, length)
    length += line.length
    wasEncoded = isOfFile
    at = next
  }
  return joined.subarray(0, length)
}

/** Programs write 60 to 76 letters into a line; the last line of a file may stay by itself. */
const shortestEncoded = 60

const isLetter = new Uint8Array(256)
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  isLetter[letter.charCodeAt(0)] = 1

function isEncoded(line: Uint8Array): boolean {
  const letters = line.length - lineEndOf(line)
  if (letters < shortestEncoded) return false
  for (let at = 0; at < letters; at += 1) if (!isLetter[line[at] ?? 0]) return false
  return true
}

function lineEndOf(line: Uint8Array): number {
  if (line.at(-1) !== lineFeed) return 0
  return line.at(-2) === carriageReturn ? 2 : 1
}
