/** The log writes to the process's output, so it is watched from outside. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AxiosError } from 'axios'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const place = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))

/** The lines that a small program logs. */
async function logged(level: string, program: string): Promise<Record<string, unknown>[]> {
  const script = `
    import { createLog } from ${place('../../src/log.ts')}
    import { EmrError } from ${place('../../src/flows/ports.ts')}
    import { AxiosError } from 'axios'
    const log = createLog('${level}', 'worker')
    ${program}`
  const { stdout } = await run(process.execPath, ['--input-type=module-typescript', '-e', script])
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

describe('the log', () => {
  it('writes references and codes, one JSON line each, with the process they come from', async () => {
    const [line, ...more] = await logged(
      'info',
      "log.info('a visit is planned', { reference: 'Appointment/v1', reason: 'not-yet-due', count: 2 })",
    )
    expect(more).toEqual([])
    expect(line).toMatchObject({
      ...{ process: 'worker', msg: 'a visit is planned', reference: 'Appointment/v1' },
      ...{ reason: 'not-yet-due', count: 2 },
    })
  })

  it('keeps quiet below its level', async () => {
    const lines = await logged('warn', "log.info('a'); log.warn('b'); log.error('c')")
    expect(lines.map(({ msg }) => msg)).toEqual(['b', 'c'])
  })

  it('reduces a stranger’s error to its name and code: its words may be a patient’s', async () => {
    expect(new AxiosError('x', 'ECONNRESET').name).toBe('AxiosError')
    const lines = await logged(
      'info',
      `log.error('1', { cause: new AxiosError('to +971501234567', 'ECONNRESET', { data: 'Ada' }) })
       log.error('2', { cause: new TypeError('cannot read Ada') })
       log.error('3', { cause: 'Ada' })
       log.error('4', { cause: new EmrError('read Patient/1: status 500', { cause: new Error('Ada') }) })
       log.error('5')`,
    )
    expect(lines.map(({ cause }) => cause)).toEqual([
      'AxiosError ECONNRESET',
      'TypeError',
      'something that is not an Error',
      'EmrError: read Patient/1: status 500',
      undefined,
    ])
    expect(JSON.stringify(lines)).not.toMatch(/Ada|9715/)
  })
})
