/** What files are, by their MIME type and by their first bytes: which are taken from patients, and under which name they go out. */

/** `ending` is that of its names. */
type FileType =
  | { ending: string; taken?: undefined }
  /**
   * Taken when a patient sends it, if its first bytes agree. What a browser would run (HTML, SVG) is not, nor what may
   * carry macros.
   */
  | { ending: string; taken: true; begins: (bytes: Uint8Array) => boolean }

const types: Record<string, FileType> = {
  // the header may stand anywhere in the first kilobyte
  'application/pdf': { ending: 'pdf', taken: true, begins: (bytes) => within(bytes, '%PDF-', 1_024) },
  // pictures of telephones and scanners
  'image/jpeg': { ending: 'jpg', taken: true, begins: (bytes) => isAt(bytes, 0, '\u00ff\u00d8\u00ff') },
  'image/png': { ending: 'png', taken: true, begins: (bytes) => isAt(bytes, 0, '\u0089PNG') },
  'image/gif': { ending: 'gif', taken: true, begins: (bytes) => isAt(bytes, 0, 'GIF8') },
  'image/webp': {
    ending: 'webp',
    taken: true,
    begins: (bytes) => isAt(bytes, 0, 'RIFF') && isAt(bytes, 8, 'WEBP'),
  },
  'image/heic': { ending: 'heic', taken: true, begins: isBoxed },
  'image/heif': { ending: 'heif', taken: true, begins: isBoxed },
  // voice notes and recordings
  'audio/ogg': { ending: 'ogg', taken: true, begins: (bytes) => isAt(bytes, 0, 'OggS') },
  'audio/opus': { ending: 'ogg', taken: true, begins: (bytes) => isAt(bytes, 0, 'OggS') },
  'audio/mpeg': { ending: 'mp3', taken: true, begins: isMp3 },
  'audio/mp4': { ending: 'm4a', taken: true, begins: isBoxed },
  'audio/aac': { ending: 'aac', taken: true, begins: isAac },
  'audio/amr': { ending: 'amr', taken: true, begins: (bytes) => isAt(bytes, 0, '#!AMR') },
  'audio/3gpp': { ending: '3gp', taken: true, begins: isBoxed },
  'audio/wav': {
    ending: 'wav',
    taken: true,
    begins: (bytes) => isAt(bytes, 0, 'RIFF') && isAt(bytes, 8, 'WAVE'),
  },
  'audio/webm': { ending: 'webm', taken: true, begins: (bytes) => isAt(bytes, 0, '\u001aE\u00df\u00a3') },
  // films
  'video/mp4': { ending: 'mp4', taken: true, begins: isBoxed },
  'video/3gpp': { ending: '3gp', taken: true, begins: isBoxed },
  'video/quicktime': { ending: 'mov', taken: true, begins: isQuickTime },
  'video/webm': { ending: 'webm', taken: true, begins: (bytes) => isAt(bytes, 0, '\u001aE\u00df\u00a3') },
  // words, and visiting cards of address books
  'text/plain': { ending: 'txt', taken: true, begins: (bytes) => !bytes.includes(0) },
  'text/vcard': { ending: 'vcf', taken: true, begins: (bytes) => within(bytes, 'BEGIN:VCARD', 64) },
  // of charts only
  'text/csv': { ending: 'csv' },
  'text/html': { ending: 'html' },
  'text/xml': { ending: 'xml' },
  'application/xml': { ending: 'xml' },
  'application/msword': { ending: 'doc' },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': { ending: 'docx' },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { ending: 'xlsx' },
}

/** Other names for the same. */
const otherNames: Record<string, string> = {
  'image/jpg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-wav': 'audio/wav',
  'application/ogg': 'audio/ogg',
  'text/x-vcard': 'text/vcard',
}

/** Says nothing about the file. */
const unsaid = 'application/octet-stream'

export function isUnsaid(contentType: string): boolean {
  return plainType(contentType) === unsaid
}

/** `audio/ogg` from `Audio/OGG; codecs=opus`. */
export function plainType(contentType: string): string {
  const plain = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  return otherNames[plain] ?? plain
}

/** Whether a file of this type, claimed by a patient's company, may be kept; one without a type may be, if its bytes tell one. */
export function mayBeTaken(contentType: string): boolean {
  const plain = plainType(contentType)
  return plain === unsaid || types[plain]?.taken === true
}

/**
 * The type to keep a patient's file under: the claimed one when the bytes agree, and where nothing is claimed what the
 * bytes say. `undefined` when they are something else, or none.
 */
export function typeOfBytes(claimed: string, bytes: Uint8Array): string | undefined {
  const plain = plainType(claimed)
  if (bytes.length === 0) return undefined
  if (plain !== unsaid) return isOf(plain, bytes) ? plain : undefined
  const told = ['application/pdf', 'image/jpeg', 'image/png', 'image/gif', 'image/webp', 'audio/ogg']
  return told.find((one) => isOf(one, bytes))
}

/** Of a type that is taken from nobody nothing is believed. */
function isOf(plain: string, bytes: Uint8Array): boolean {
  const type = types[plain]
  return type?.taken === true && type.begins(bytes)
}

/** `Blood test.pdf`: what it is called, with the ending that its type has. Nothing in it leads out of a folder. */
export function fileName(title: string | undefined, contentType: string): string {
  const plain = (title ?? '').replace(/[\p{Cc}/\\:*?"<>|]+/gu, ' ').trim()
  const named = plain.replace(/^[.\s]+/, '').slice(0, 100) || 'document'
  const ending = types[plainType(contentType)]?.ending
  if (!ending || new RegExp(`\\.(${ending}|${sameEndings[ending] ?? ending})$`, 'i').test(named)) return named
  return `${named}.${ending}`
}

const sameEndings: Record<string, string> = {
  jpg: 'jpeg',
  m4a: 'mp4',
  ogg: 'opus',
  html: 'htm',
  '3gp': '3gpp',
}

function isAt(bytes: Uint8Array, from: number, latin1: string): boolean {
  return Array.from(latin1).every((character, index) => bytes[from + index] === character.charCodeAt(0))
}

function within(bytes: Uint8Array, text: string, most: number): boolean {
  return String.fromCharCode(...bytes.subarray(0, most)).includes(text)
}

/** MP4 and its relatives: a box of their kind comes first. */
function isBoxed(bytes: Uint8Array): boolean {
  return isAt(bytes, 4, 'ftyp')
}

/** QuickTime's older films begin with any of their own boxes. */
function isQuickTime(bytes: Uint8Array): boolean {
  return ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot'].some((box) => isAt(bytes, 4, box))
}

/** At once a frame (ADTS), the header of ADIF, or boxed as telephones do it. */
function isAac(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes
  return (first === 0xff && (second & 0xf6) === 0xf0) || isAt(bytes, 0, 'ADIF') || isBoxed(bytes)
}

/** A tag, or at once a frame. */
function isMp3(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes
  return isAt(bytes, 0, 'ID3') || (first === 0xff && (second & 0xe0) === 0xe0)
}
