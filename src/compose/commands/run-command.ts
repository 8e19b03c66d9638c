/**
 * `qasid send | bulk | status | retry | senders | test | templates`: what the API does, in this process; `retention`,
 * `forget` and `sweep`, which only an operator may. Ends with 0 when it was done, 1 when it could
 * not be, 2 when the command line is wrong; every failure is one sentence.
 */
import { ConfigError } from '../../config.ts'
import { EmrError, type World } from '../../flows/ports.ts'
import type { Answer } from './answer.ts'
import { bulk, bulkOptions } from './bulk.ts'
import { forget, forgetOptions, retention, retentionOptions } from './retention.ts'
import { send, sendOptions } from './send.ts'
import { senderOptions, senders, templates, test } from './senders.ts'
import { withInput } from './standard-input.ts'
import { retry, retryOptions, status, statusOptions } from './status.ts'
import { sweep, sweepOptions } from './sweep.ts'
import { type Given, readArguments, textOf, UsageError } from './usage.ts'

export interface CommandParts {
  /** The world of one install; the only one when none is named. Throws `UsageError` where the name is wrong. */
  openInstall(id: string | undefined): Promise<{ world: World; close(): Promise<void> }>
  /** Throws when the file cannot be read. */
  readText(path: string): Promise<string>
  /** All of standard input. */
  readInput(): Promise<string>
  out(line: string): void
  err(line: string): void
}

interface Command {
  options: Parameters<typeof readArguments>[1]
  run(given: Given, openWorld: () => Promise<World>, readText: CommandParts['readText']): Promise<Answer>
}

const commands = {
  send: { options: sendOptions, run: send },
  bulk: { options: bulkOptions, run: bulk },
  status: { options: statusOptions, run: status },
  retry: { options: retryOptions, run: retry },
  senders: { options: senderOptions, run: senders },
  test: { options: senderOptions, run: test },
  templates: { options: senderOptions, run: templates },
  retention: { options: retentionOptions, run: retention },
  forget: { options: forgetOptions, run: forget },
  sweep: { options: sweepOptions, run: sweep },
} satisfies Record<string, Command>

export type CommandName = keyof typeof commands
export const commandNames = Object.keys(commands) as CommandName[]

/** Resolves to the exit code. */
export async function runCommand(name: CommandName, args: string[], parts: CommandParts): Promise<0 | 1 | 2> {
  const close: (() => Promise<void>)[] = []
  try {
    const { options, run }: Command = commands[name]
    const given = await withInput(readArguments(args, options), parts.readInput)
    const openWorld = async () => {
      const opened = await parts.openInstall(textOf(given, 'install'))
      close.push(opened.close)
      return opened.world
    }
    const { lines, json, code } = await run(given, openWorld, (path) => readFrom(parts, path))
    if (given.values.json) parts.out(JSON.stringify(json))
    else for (const line of lines) (code === 0 ? parts.out : parts.err)(line)
    return code
  } catch (error) {
    parts.err(sentenceOf(error))
    return error instanceof UsageError ? 2 : 1
  } finally {
    for (const end of close) await end()
  }
}

async function readFrom(parts: CommandParts, path: string): Promise<string> {
  return parts.readText(path).catch((cause: unknown) => {
    throw new UsageError('The file cannot be read.', { cause })
  })
}

/** Only our own errors are known to hold nothing of a patient. */
function sentenceOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof ConfigError) return error.message
  // As the API says it, and what was being done.
  if (error instanceof EmrError)
    return `The EMR cannot be reached at the moment (${error.message.replace(/\.$/, '')}).`
  return `Something went wrong (${error instanceof Error ? error.name : 'unknown'}); nothing more is known.`
}
