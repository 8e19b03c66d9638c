/**
 * While the store or the host does not answer no job can be done. They are not tried again and again until they are set
 * aside: the workers pause, one small question is asked now and then, and all goes on where it stood.
 */
import { nextProbeIn } from '../domain/outage.ts'
import { after, type Duration, second } from '../domain/time.ts'
import { type Clock, EmrError, type JobResult, type Log, type World } from '../flows/ports.ts'

export interface OutageGuard {
  /** A job that fails because of an outage is put back and burns no try. What fails for reasons of its own does. */
  around(job: () => Promise<JobResult>): Promise<JobResult>
  /** Periodic work is left out, and says so: its health is red as long as that lasts. */
  unlessDown(work: () => Promise<void>): () => Promise<void>
  isDown(): boolean
  /** Someone waits for an answer: if there is an outage, nothing more is begun. */
  suspect(): void
  close(): void
}

export interface OutageWishes {
  /** Throws while there is an outage. */
  probe(): Promise<unknown>
  /** Takes no more jobs. */
  pause(): Promise<unknown>
  resume(): Promise<unknown>
  now: Clock
  log: Log
  install: string
  /** After so many probes in vain. */
  probeIn?: (probes: number) => Duration
}

export function createOutageGuard(wishes: OutageWishes): OutageGuard {
  const { probe, pause, resume, now, log, install, probeIn = nextProbeIn } = wishes
  let isDown = false
  let isClosed = false
  let probes = 0
  let timer: NodeJS.Timeout | undefined
  let asking: Promise<boolean> | undefined

  /** Many jobs fail at once; one question answers for all of them. */
  const answers = () => {
    asking ??= probe()
      .then(
        () => true,
        (error: unknown) => !isOutage(error),
      )
      .finally(() => {
        asking = undefined
      })
    return asking
  }
  const putBack = (): JobResult => ({ kind: 'later', at: after(now(), second) })

  const askAgain = () => {
    timer = setTimeout(async () => {
      probes += 1
      if (!(await answers())) return isDown && askAgain()
      if (!isDown) return
      isDown = false
      log.info('the EMR answers again; work goes on', { code: install })
      await resume()
    }, probeIn(probes))
  }
  const goDown = async () => {
    if (isDown) return
    isDown = true
    probes = 0
    log.error('the EMR does not answer; work pauses', { code: install })
    askAgain()
    await pause()
  }

  return {
    async around(job) {
      if (isDown) return putBack()
      try {
        return await job()
      } catch (error) {
        if (!isOutage(error) || (await answers())) throw error
        await goDown()
        return putBack()
      }
    },
    unlessDown: (work) => () =>
      isDown ? Promise.reject(new EmrError('work pauses while the EMR does not answer')) : work(),
    isDown: () => isDown,
    suspect() {
      if (isDown || isClosed) return
      void answers().then(async (answered) => {
        if (!answered && !isClosed) await goDown()
      })
    },
    close() {
      clearTimeout(timer)
      isDown = false
      isClosed = true
    },
  }
}

/** No answer, one that says that there is none now, or none for us. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof EmrError)) return false
  const { status } = error
  return status === undefined || status >= 500 || [401, 403, 408, 429].includes(status)
}

/** The smallest questions there are; what is not there is an answer too. */
export async function probeEmr({ store, host }: Pick<World, 'store' | 'host'>): Promise<void> {
  const askHost = () => host.search('Patient', { telecom: 'nobody' }, { limit: 1 })
  const askStore = () => store.search('Basic', { identifier: 'nobody' }, { limit: 1 })
  await Promise.all([
    // Some hosts forbid us whatever they do not find: only who may not search either is shut out.
    host.read('Patient', 'nobody').catch(ifForbidden(askHost)),
    ...(store === host ? [] : [askStore()]),
  ])
}

function ifForbidden(ask: () => Promise<unknown>): (error: unknown) => Promise<unknown> {
  return (error) => {
    if (error instanceof EmrError && error.status === 403) return ask()
    throw error
  }
}
