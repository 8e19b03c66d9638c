/** What a message says on its way out: rendered, allowed, and in a form that its channel takes. */
import { plainType } from './file-type.ts'

/** `voice` is shown as a voice note where the channel has them. */
export const fileKinds = ['document', 'image', 'voice', 'video'] as const
export type FileKind = (typeof fileKinds)[number]

/** Pictures that every phone shows; others, and all that is not sound or film, go as documents. */
const pictures = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']

export function fileKindOf(contentType: string): FileKind {
  const plain = plainType(contentType)
  if (pictures.includes(plain)) return 'image'
  if (plain.startsWith('audio/')) return 'voice'
  return plain.startsWith('video/') ? 'video' : 'document'
}

/** A file of the chart. It stays in the EMR until the very call. */
export interface OutgoingFile {
  kind: FileKind
  /** MIME type, `application/pdf`. */
  contentType: string
  /** As the patient sees it, with its ending: `report.pdf`. */
  name: string
  /** Bytes, where the EMR says so. */
  size?: number
  /** Absolute, short-lived, for companies that fetch files themselves. Opens this one file and nothing else. */
  url: string
  /** For companies that are handed the bytes; `most` is what the company takes. Rejects while the EMR cannot give them. */
  read(most?: number): Promise<Uint8Array>
}

/** A wording that the company has approved; outside WhatsApp's window nothing else passes. */
export interface ApprovedTemplate {
  /** The company's own: a Content SID, a template id. */
  id: string
  /** As it was submitted. */
  name: string
  /** As the company spells it: `en`, `ar`, `hi`. */
  language: string
  /** For `{{1}}`, `{{2}}` …, in order, none of them empty. */
  values: string[]
}

export type OutgoingContent =
  | { kind: 'text'; text: string /** E-mail only. */; subject?: string }
  | { kind: 'template'; template: ApprovedTemplate }
  | { kind: 'file'; file: OutgoingFile; caption?: string /** E-mail only. */; subject?: string }
  /** To a message of the patient's, by the provider's id; an empty emoji takes the reaction back. */
  | { kind: 'reaction'; emoji: string; toMessage: string }

/** What a sender can carry on its channel; whatever is not here is refused before the call, with a reason. */
export interface Carries {
  /** Longest text, in characters. */
  longestText: number
  files: readonly FileKind[]
  /** Kinds of files that words can stand under; absent: all of them. */
  captions?: readonly FileKind[]
  reactions: boolean
  /** A message may quote one of the patient's. */
  quotes: boolean
  /** Whether it needs approved templates where the channel's window is shut. */
  templates: 'none' | 'approved'
  /** Whether it tells what became of a message after it was taken. */
  receipts: boolean
  /** Whether patients can write back through it. */
  answers: boolean
}
