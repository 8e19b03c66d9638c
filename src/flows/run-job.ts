/** Which flow a job belongs to. A thrown error is tried again by the queue. */
import { after, second } from '../domain/time.ts'
import { answerMessage } from './answer-message.ts'
import { dispatchRequest } from './dispatch-due.ts'
import { fetchFiles } from './fetch-files.ts'
import { followHint, lookUpAttempt } from './look-up.ts'
import { planVisit } from './plan-reminders.ts'
import { ConflictError, type Job, type JobResult, type World } from './ports.ts'
import { recordDelivery } from './record-delivery.ts'
import { seekApprovals } from './seek-approvals.ts'
import { sendMessage } from './send-message.ts'
import { sweep } from './sweep.ts'
import { tellConsent } from './tell-consent.ts'

export async function runJob(world: World, job: Job): Promise<JobResult> {
  try {
    return await run(world, job)
  } catch (error) {
    // Others keep changing the same resource; a little later the facts are read afresh.
    if (error instanceof ConflictError) return { kind: 'later', at: after(world.now(), second) }
    throw error
  }
}

async function run(world: World, job: Job): Promise<JobResult> {
  switch (job.kind) {
    case 'plan':
      await planVisit(world, job.visit)
      break
    case 'dispatch':
      return dispatchRequest(world, job)
    case 'send':
      return sendMessage(world, job)
    case 'record':
      await recordDelivery(world, job.sender, job.event)
      break
    case 'answer':
      await answerMessage(world, job.message)
      break
    case 'look-up':
      await lookUpAttempt(world, job.attempt)
      break
    case 'hint':
      await followHint(world, job.sender, job.hint)
      break
    case 'fetch':
      await fetchFiles(world, job.message)
      break
    case 'approvals':
      await seekApprovals(world)
      break
    case 'sweep':
      await sweep(world)
      break
    case 'consent':
      await tellConsent(world, job.consent)
      break
  }
  return { kind: 'done' }
}
