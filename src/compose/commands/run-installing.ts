/** `qasid install | uninstall | doctor`, one way in: every failure is a sentence and an exit code. */
import { ConfigError } from '../../config.ts'
import { EmrError } from '../../flows/ports.ts'
import { doctor } from './doctor.ts'
import { install } from './install.ts'
import type { InstallingParts } from './installing.ts'
import { uninstall } from './uninstall.ts'
import { UsageError } from './usage.ts'

const commands = { install, uninstall, doctor } as const
export type InstallingName = keyof typeof commands
export const installingNames = Object.keys(commands) as InstallingName[]

export async function runInstalling(
  name: InstallingName,
  args: string[],
  open: () => InstallingParts,
  err: (line: string) => void,
): Promise<number> {
  try {
    return await commands[name](args, open())
  } catch (error) {
    err(sentenceOf(error))
    return error instanceof UsageError ? 2 : 1
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof ConfigError)
    return error.message.replace('Qasid cannot start:', 'It cannot be done:')
  if (error instanceof EmrError)
    return `A server did not answer as it should (${error.message.replace(/\.$/, '')}).`
  return `Something went wrong (${error instanceof Error ? error.name : 'unknown'}); nothing more is known.`
}
