/**
 * The session of the app. Where our records stand beside the host, a session opens them, so the host is asked first whether
 * this clinician may see this patient; and soon again, because rights are taken back.
 */
import type { SessionRequest } from '../../contract/api.ts'
import { after, hour, minute } from '../../domain/time.ts'
import type { WebInstall, WebParts } from '../parts.ts'
import { RefusedRequest } from '../problem.ts'
import type { ChartDesk } from './chart-desk.ts'

/** How long the host's word holds. */
const heldFor = 10 * minute
/** A working day, and an id_token lasts minutes: until then the host's word alone renews a session. */
const renewableFor = 12 * hour

export type OpenedSession = Awaited<ReturnType<WebParts['sessions']['open']>>

export async function openSession(
  parts: Pick<WebParts, 'sessions' | 'now'>,
  install: WebInstall,
  asked: SessionRequest,
): Promise<OpenedSession> {
  if (install.chart) return openBesideHost(parts, { ...install, chart: install.chart }, asked)
  const known = await install.verifyIdToken(asked.idToken)
  if (!known) throw notValid()
  const { subject: user, ...more } = known
  return parts.sessions.open({
    install: install.id,
    host: install.fhirBase,
    user,
    patient: asked.patient,
    ...more,
  })
}

async function openBesideHost(
  { sessions, now }: Pick<WebParts, 'sessions' | 'now'>,
  install: WebInstall & { chart: ChartDesk },
  asked: SessionRequest,
): Promise<OpenedSession> {
  const { patient, accessToken } = asked
  const before = await renewed({ sessions }, install, asked)
  const known = before ? undefined : await install.verifyIdToken(asked.idToken)
  const facts = before ?? (known && { user: known.subject, fhirUser: known.fhirUser })
  if (!facts) throw notValid()
  if (accessToken === undefined)
    throw new RefusedRequest(428, 'Here a session needs accessToken too: the EMR is asked about the patient.')
  if (!(await install.chart.mayOpen(patient, { accessToken, subject: facts.user })))
    throw new RefusedRequest(403, 'The EMR does not show you this patient.')
  if (!before) await install.chart.noteOpened(patient, facts.user)
  const renewableUntil = before?.renewableUntil ?? after(now(), renewableFor)
  const { user, fhirUser } = facts
  return sessions.open(
    { install: install.id, host: install.fhirBase, user, patient, ...(fhirUser && { fhirUser }) },
    { lastsFor: heldFor, renewableUntil },
  )
}

/** The session before, of this very install and patient. */
async function renewed(
  { sessions }: Pick<WebParts, 'sessions'>,
  { id, fhirBase }: WebInstall,
  { renews, patient }: SessionRequest,
) {
  const before = renews === undefined ? undefined : await sessions.readRenewable(renews)
  const isSame = before?.install === id && before.host === fhirBase && before.patient === patient
  return isSame ? before : undefined
}

function notValid(): RefusedRequest {
  return new RefusedRequest(401, 'The EMR’s id_token is not valid. Launch Messages again.')
}
