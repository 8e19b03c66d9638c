/**
 * What a person has newly written in an answer: without the quoted original, the line above it, and the signature. Nothing
 * is lost by it: where nothing would be left, all of it is told.
 */

/** Longer mails are cut; a reader of every line must have an end. */
const longest = 100_000

export function newPart(text: string): string {
  const lines = text.slice(0, longest).replace(/\r\n?/g, '\n').split('\n')
  const own = withoutQuotes(lines.slice(0, endOfOwn(lines)))
  return textOf(withoutSignature(own)) || textOf(own) || textOf(lines)
}

function textOf(lines: string[]): string {
  return lines.join('\n').trim()
}

// What everything below belongs to the original

/** Where the original begins, in programs that do not mark its lines; not at the very top. */
function endOfOwn(lines: string[]): number {
  const first = lines.findIndex(isWritten)
  const end = lines.findIndex((_, at) => at > first && beginsOriginal(lines, at))
  // What a person passes on is what they want to show.
  const passedOn = lines.findIndex((line) => forwarded.test(plain(line)))
  return end === -1 || (passedOn !== -1 && passedOn < end) ? lines.length : end
}

const forwarded =
  /^[-_*]{2,}\s*(begin )?(forwarded message|رسالة معاد توجيهها|الرسالة المعاد توجيهها|अग्रेषित संदेश|अग्रेषित मैसेज|message transféré|weitergeleitete nachricht)/i

function beginsOriginal(lines: string[], at: number): boolean {
  const line = plain(lines[at])
  if (separator.test(line)) return true
  // A rule that Outlook draws above its header.
  if (/^_{8,}$/.test(line)) return [1, 2, 3].some((below) => isHeader(lines, at + below))
  return isHeader(lines, at) || isUnquotedAttribution(lines, at)
}

/** `-----Original Message-----`. */
const separator =
  /^[-_*]{2,}\s*(original message|original appointment|رسالة أصلية|الرسالة الأصلية|मूल संदेश|اصل پیغام|پیام اصلی|message d'origine|ursprüngliche nachricht|mensaje original|mensagem original|orijinal ileti)\s*[-_*]{2,}$/i

/** Outlook's word for "From", in the languages that it is used in here. */
const senderLabel = /^\*?(from|من|प्रेषक|से|منجانب|از|de|von|da|van|от|kimden)\s*:/i
const label = /^\*?[\p{L}\p{M}][\p{L}\p{M} .-]{0,24}:/u

/** From, Sent, To, Subject: at least three lines, with an address or a year among them. */
function isHeader(lines: string[], at: number): boolean {
  const block = lines.slice(at, at + 5).map(plain)
  const [first = '', second = '', third = ''] = block
  if (!senderLabel.test(first) || !label.test(second) || !label.test(third)) return false
  return block.some((line) => line.includes('@')) && block.some(hasYear)
}

/** `On 20 November 2026 at 10:00, The clinic <hello@clinic.example> wrote:`, in any language, over one to three lines. */
function isUnquotedAttribution(lines: string[], at: number): boolean {
  if (!hasYear(lines[at])) return false
  return [1, 2, 3].some((count) => {
    const said = joined(lines, at, count)
    return isIntroduction(said) && /\S+@\S+\.\S+/.test(said)
  })
}

// Marked lines

/** Also answers between and below the quoted lines are the person's own. */
function withoutQuotes(lines: string[]): string[] {
  const dropped = new Set<number>()
  for (const [at, line] of lines.entries()) {
    if (!isQuoted(line)) continue
    dropped.add(at)
    if (at > 0 && !isQuoted(lines[at - 1]))
      for (const above of attributionAbove(lines, at)) dropped.add(above)
  }
  return lines.filter((_, at) => !dropped.has(at))
}

function isQuoted(line = ''): boolean {
  return /^\s{0,3}>/.test(line)
}

/** The lines that introduce the quote below: the fewest that name a year, else a time or an address. */
function attributionAbove(lines: string[], quoted: number): number[] {
  const last = [1, 2, 3].map((above) => quoted - above).find((at) => isWritten(lines[at]))
  if (last === undefined) return []
  for (const isOne of [hasYear, (text: string) => /\p{Nd}[:.٫]\p{Nd}{2}|@/u.test(text)])
    for (const count of [1, 2, 3]) {
      const first = last - count + 1
      if (first < 0 || !isWritten(lines[first])) break
      const said = joined(lines, first, count)
      if (isIntroduction(said) && isOne(said)) return Array.from({ length: count }, (_, step) => first + step)
    }
  return []
}

function joined(lines: string[], at: number, count: number): string {
  return lines
    .slice(at, at + count)
    .map(plain)
    .join(' ')
}

function isIntroduction(text: string): boolean {
  return text.length <= 300 && /[:：]$/.test(text)
}

function hasYear(text = ''): boolean {
  return /(?<!\p{Nd})\p{Nd}{4}(?!\p{Nd})/u.test(text)
}

// Signature

function withoutSignature(lines: string[]): string[] {
  const rule = lines.findIndex((line, at) => at > 0 && /^-- ?$/.test(line))
  const above = rule === -1 ? lines : lines.slice(0, rule)
  const last = above.findLastIndex(isWritten)
  return last > 0 && ofTheProgram.test(plain(above[last])) ? above.slice(0, last) : above
}

/** `Sent from my iPhone`, and how the phones say it in the languages here. */
const ofTheProgram =
  /^(sent from (my|mail|outlook|yahoo|proton)\b.{0,60}|get outlook for .{0,60}|أ?ُ?رسلت? من .{0,60}|تم الإرسال من .{0,60}|احصل على outlook .{0,60}|मेरे .{0,40} से भेजा गया|.{0,40} से भेजा गया|میرے .{0,40} سے بھیجا گیا|envoyé de(puis)? mon .{0,40}|von meinem .{0,40} gesendet)\.?$/i

// Lines

function isWritten(line = ''): boolean {
  return plain(line) !== ''
}

/** Without the marks of direction and width that programs put around names and dates. */
function plain(line = ''): string {
  return line.replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '').trim()
}
