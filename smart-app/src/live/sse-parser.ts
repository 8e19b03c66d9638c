/**
 * Server-sent events out of a stream of text (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * `EventSource` cannot send an Authorization header, and a token has no place in a URL; hence our own.
 */
export interface ServerSentEvent {
  type: string
  data: string
}

export interface SseParser {
  /** The events that this piece completes; a piece may end anywhere, even inside a line break. */
  push(piece: string): ServerSentEvent[]
}

export function createSseParser(): SseParser {
  let rest = ''
  let block: string[] = []
  return {
    push(piece) {
      const { lines, unfinished } = splitLines(rest + piece)
      rest = unfinished
      return lines.flatMap((line) => {
        if (line !== '') {
          block.push(line)
          return []
        }
        const event = toEvent(block)
        block = []
        return event ? [event] : []
      })
    },
  }
}

/** A lone CR at the end may be the first half of CRLF: it waits for the next piece. */
function splitLines(text: string): { lines: string[]; unfinished: string } {
  const held = text.endsWith('\r') ? '\r' : ''
  const lines = text.slice(0, text.length - held.length).split(/\r\n|\n|\r/)
  const unfinished = lines.pop() ?? ''
  return { lines, unfinished: unfinished + held }
}

function toEvent(block: string[]): ServerSentEvent | undefined {
  const fields = block.map(toField)
  const data = fields.filter((field) => field.name === 'data').map((field) => field.value)
  if (data.length === 0) return undefined
  const type = fields.findLast((field) => field.name === 'event')?.value
  return { type: type || 'message', data: data.join('\n') }
}

/** `data: x` and `data:x` are the same; a line that begins with a colon is a comment and names no field. */
function toField(line: string): { name: string; value: string } {
  const colon = line.indexOf(':')
  if (colon === -1) return { name: line, value: '' }
  return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') }
}
