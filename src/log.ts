/** Logs hold references and codes. Whatever else an error carries is reduced to its name and our own sentence. */
import { pino } from 'pino'
import type { Log, LogFacts } from './flows/ports.ts'

export function createLog(level: 'debug' | 'info' | 'warn' | 'error', process: 'web' | 'worker'): Log {
  const logger = pino({ level, base: { process } })
  return {
    info: (what, facts) => logger.info(facts ?? {}, what),
    warn: (what, facts) => logger.warn(facts ?? {}, what),
    error: (what, facts) =>
      logger.error({ ...facts, ...(facts?.cause !== undefined && { cause: describe(facts) }) }, what),
  }
}

const ours = ['EmrError', 'ConflictError', 'ConfigError', 'QueueUnavailable', 'RefusedRequest']

/** Messages of our own errors never hold patient data; a stranger's might, so only its name and code are kept. */
function describe({ cause }: LogFacts & { cause?: unknown }): string {
  if (!(cause instanceof Error)) return 'something that is not an Error'
  const code = (cause as { code?: unknown }).code
  if (ours.includes(cause.name)) return `${cause.name}: ${cause.message}`
  return typeof code === 'string' ? `${cause.name} ${code}` : cause.name
}
