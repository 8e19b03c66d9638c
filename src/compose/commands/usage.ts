/** What stands on a command line: read by one table, refused in one sentence. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type MessageOrder, messageOrder } from '../../contract/messages.ts'
import { readBody } from '../../contract/read-body.ts'
import { nearest } from '../../domain/nearest.ts'

/** Wrong usage: nothing was done, and the same command will never work. */
export class UsageError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'UsageError'
  }
}

export interface Given {
  values: Record<string, string | boolean | (string | boolean)[] | undefined>
  positionals: string[]
}

const everywhere = { install: { type: 'string' }, json: { type: 'boolean' } } as const

/** Of every command that writes messages; `--set` and `--channel` as often as wanted. */
export const orderOptions = {
  template: { type: 'string' },
  text: { type: 'string' },
  file: { type: 'string' },
  channel: { type: 'string', multiple: true },
  at: { type: 'string' },
  until: { type: 'string' },
  priority: { type: 'string' },
  category: { type: 'string' },
  visit: { type: 'string' },
  key: { type: 'string' },
} as const

export function readArguments(args: string[], options: NonNullable<ParseArgsConfig['options']>): Given {
  try {
    const read = parseArgs({ args, options: { ...everywhere, ...options }, allowPositionals: true })
    return { values: { ...read.values }, positionals: read.positionals }
  } catch (cause) {
    throw new UsageError(sayOption(cause, Object.keys({ ...options, ...everywhere })), { cause })
  }
}

/** Node's own sentences quote what was given; only what is a name is repeated. */
function sayOption(cause: unknown, known: string[]): string {
  const { code, message } = cause as { code?: string; message: string }
  const name = /'--?([\w-]{1,40})\b/.exec(message)?.[1] ?? ''
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const wrong = known.includes(name) ? `The option --${name}` : 'An option'
    return `${wrong} lacks its value, or has one that it does not take.`
  }
  const meant = nearest(name, known)
  return `There is no option --${name}${meant ? ` (did you mean --${meant}?)` : ''}; there are: ${known.map((one) => `--${one}`).join(', ')}.`
}

/** One sentence for a word that is no command. */
export function sayCommand(name: string, known: string[]): string {
  const called = /^[\w-]{1,40}$/.test(name) ? ` called ${name}` : ' of that name'
  const meant = nearest(name, known)
  return `There is no command${called}${meant ? ` (did you mean ${meant}?)` : ''}; there are: ${known.join(', ')}.`
}

/** The one thing that a command is about. */
export function onlyPositional({ positionals }: Given, what: string): string {
  const [one, ...more] = positionals
  if (one === undefined || more.length > 0) throw new UsageError(`Name ${what}.`)
  return one
}

export function textOf({ values }: Given, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

export function textsOf({ values }: Given, name: string): string[] {
  return [values[name] ?? []].flat().filter((one) => typeof one === 'string')
}

/** What is ordered, checked as the API checks it. */
export function readOrder(
  given: Given,
  more: { to: string[]; parameters?: Record<string, string> },
): MessageOrder {
  const channels = textsOf(given, 'channel')
  const { channel: _channel, ...options } = orderOptions
  const plain = Object.keys(options).map((name) => [name, textOf(given, name)] as const)
  const wanted = {
    ...Object.fromEntries(plain.filter(([, value]) => value !== undefined)),
    ...(channels.length > 0 && { channels }),
    ...more,
  }
  const read = readBody(messageOrder, wanted, 'The message')
  if (read.kind === 'refused') throw new UsageError(read.error)
  return read.value
}

/** `--set name=value`, as often as wanted. */
export function readValues(given: Given): Record<string, string> | undefined {
  const pairs = textsOf(given, 'set').map((text) => {
    const at = text.indexOf('=')
    if (at < 1) throw new UsageError('Write --set name=value.')
    return [text.slice(0, at), text.slice(at + 1)] as const
  })
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined
}
