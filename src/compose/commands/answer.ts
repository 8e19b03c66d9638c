/** What a command has to say: lines for people, one JSON value for scripts, and how it ended. */
import type { Written } from '../../http/api/message-desk.ts'

export interface Answer {
  lines: string[]
  json: unknown
  /** 1: it was understood, and could not be done. */
  code: 0 | 1
}

/** `nameOf` says of a refused entry, by reference or place, what whoever gave it calls it. */
export function answerWritten(written: Written, nameOf: (to: string | number) => string): Answer {
  if (written.kind === 'conflict') return { lines: [written.error], json: { error: written.error }, code: 1 }
  if (written.kind === 'refused') {
    const { error, refused } = written
    const each = refused.map((one) => `${nameOf(one.to)}: ${one.error}`)
    // Of one recipient the sentence says it all.
    const lines = refused[0]?.error === error ? [error] : [error, ...each]
    return { lines, json: { error, refused }, code: 1 }
  }
  const { messages, isNew, hurried } = written
  const lines = [
    `${count(messages.length)} ${isNew ? 'written' : 'already written by an earlier run with this key'}.`,
    ...messages.map(({ id, to, status }) => `${id}  ${to}  ${status}`),
    ...(hurried ? [] : ['Redis is away: the worker takes them at its next tick.']),
  ]
  return { lines, json: { messages, isNew, hurried }, code: 0 }
}

function count(messages: number): string {
  return messages === 1 ? '1 message' : `${messages} messages`
}
