/**
 * sign-up: one server comes to know us, and gives us a token.
 * in: its CapabilityStatement and SMART configuration · decides: dialect, scopes · out: clients there, or what a person has to type in
 */
import { decideKind, type InstallKind, type ManifestNeed } from '../domain/capability-report.ts'
import { checklists } from '../domain/checklists/index.ts'
import {
  askedOf,
  type ClientWishes,
  type ManifestClients,
  toMetadata,
  toWishes,
} from '../domain/client-metadata.ts'
import { scopesFor, sortRefused } from '../domain/client-scopes.ts'
import {
  explainTrouble,
  explainVersion,
  explainWaiting,
  type InstallStep,
} from '../domain/install-trouble.ts'
import {
  canReplace,
  type Dialect,
  guessDialect,
  isByHand,
  mustAskAnew,
  outdated,
  type Registered,
  type RegisteredBefore,
  takesNoMessages,
} from '../domain/registration.ts'
import type { ServerStatement } from '../domain/server-facts.ts'
import { toAidboxClients, toMedplumClients } from '../fhir/client-resources.ts'
import type { InstallParts, SignedUp, SmartFacts } from './install-ports.ts'
import { EmrError } from './ports.ts'
import { type RegisteredAt, takeBackClients } from './take-back.ts'

export interface SignUpWish {
  fhirBase: string
  manifest: ManifestClients
  needs: ManifestNeed[]
  baseUrl: string
  jwksPath: string
  dialect?: Dialect
  adminToken?: string
  /** Typed in by a person, or from an install before. */
  known: { worker?: string; app?: string; clientSecret?: string; before?: RegisteredBefore }
  /** Only the worker goes to a store beside the host. */
  role: 'host' | 'store'
  hasStore: boolean
  writeBack: boolean
  /** The command that goes on after a checklist. */
  next: string
}

/** The server knows us. */
export interface SignUpDone {
  kind: 'known'
  dialect: Dialect
  statement: ServerStatement
  place: SignedUp
  app?: { clientId: string; scope: string }
  registered: Registered
  /** Registered just now, and not before. */
  isNew: boolean
  /** What the server was asked to know of us; empty where nobody is asked. */
  asked: string[]
  /** Clients from before that nobody uses once the install is written. */
  replaced?: Registered
  installKind: InstallKind
  /** Absent where the server does not say. */
  granted?: string[]
  /** Asked for and not given: what must be, and what is only useful. */
  scopesRefused: { needed: string[]; useful: string[] }
  launches: boolean
}

export type SignUpEnd =
  | SignUpDone
  | { kind: 'checklist'; markdown: string }
  | { kind: 'refused'; because: string }

/** Ends in a sentence, whatever the server does. */
export async function signUp(parts: InstallParts, wish: SignUpWish): Promise<SignUpEnd> {
  let step: InstallStep = 'reading its CapabilityStatement'
  const jwksUrl = `${wish.baseUrl}${wish.jwksPath}`
  let scopes: string[] = []
  let fresh: Omit<RegisteredAt, 'fhirBase' | 'adminToken'> | undefined
  try {
    parts.say(`reading what ${wish.fhirBase} says of itself`)
    const statement = await parts.examiner.statement(wish.fhirBase)
    const version = explainVersion(statement.fhirVersion, wish.fhirBase)
    if (version) return { kind: 'refused', because: version }
    step = 'reading its SMART configuration'
    const smart = await parts.examiner.smart(wish.fhirBase)
    const dialect = wish.dialect ?? guessDialect({ ...statement, ...(smart && { smart }) })
    const installKind = decideKind({ ...wish, statement, takesMessages: !takesNoMessages(dialect) })
    if (dialect === 'open') return openDone(wish, statement, installKind)
    const wishes = wishesFor(wish, { statement, smart, kind: installKind })
    scopes = wishes.worker.scopes
    step = 'registering'
    const registration = await register(parts, wish, { dialect, smart, wishes })
    if (typeof registration === 'string') return { kind: 'checklist', markdown: registration }
    if (registration.isNew) fresh = { dialect, registered: registration.registered }
    step = 'fetching a token'
    parts.say('signing in as the worker')
    return await signIn(parts, wish, { dialect, statement, smart, wishes, installKind, ...registration })
  } catch (error) {
    if (!(error instanceof EmrError)) throw error
    const { status, code, message } = error
    const refusal = { says: message, ...(status !== undefined && { status }), ...(code && { code }) }
    const jwksReachable = await parts.examiner.isReachable(jwksUrl)
    const place = { fhirBase: wish.fhirBase, jwksUrl, jwksReachable, scopes }
    // What we made is of no use to anyone, unless somebody has to allow it first.
    const left = fresh ? await takeBackClients(parts, { ...wish, ...fresh }).catch(() => []) : []
    const waiting = fresh && left.length > 0 ? ` ${explainWaiting(fresh.registered, wish.role)}` : ''
    return { kind: 'refused', because: `${explainTrouble(step, refusal, place)}${waiting}` }
  }
}

/** Nobody is asked for a token there, so nobody has to be known. */
function openDone(
  { fhirBase }: SignUpWish,
  statement: ServerStatement,
  installKind: InstallKind,
): SignUpDone {
  return {
    ...{ kind: 'known', dialect: 'open', statement, installKind, place: { fhirBase } },
    ...{ registered: { made: [] }, isNew: false, asked: [], launches: false },
    scopesRefused: { needed: [], useful: [] },
  }
}

/** Only of what the server has, and of what stands there. */
function wishesFor(
  wish: SignUpWish,
  seen: { statement: ServerStatement; smart: SmartFacts | undefined; kind: InstallKind },
): ClientWishes {
  const said = seen.smart?.capabilities ?? []
  const v1 = !said.includes('permission-v2') && said.includes('permission-v1')
  const { software, app, worker } = toWishes(wish.manifest, { ...wish, v1 })
  const here = (scopes: string[]) => scopesFor(scopes, { ...wish, ...seen })
  return {
    software,
    app: { ...app, scopes: here(app.scopes) },
    worker: { ...worker, scopes: here(worker.scopes), optionalScopes: here(worker.optionalScopes) },
  }
}

interface Registering {
  dialect: Exclude<Dialect, 'open'>
  smart: SmartFacts | undefined
  wishes: ClientWishes
}
type Registration = Pick<SignUpDone, 'registered' | 'isNew' | 'replaced'>

/** A checklist where a person has to do it. Who is known already is registered again only when something else is asked. */
async function register(
  parts: InstallParts,
  wish: SignUpWish,
  registering: Registering,
): Promise<Registration | string> {
  const { known, adminToken } = wish
  const { before } = known
  const isOther = mustAskAnew(before, askedOf(registering.wishes))
  if (known.worker && !(before && isOther && canReplace(before, adminToken !== undefined))) {
    if (isOther) parts.say('what it knows of us is of before, and only its administrator can change that')
    return { registered: asKnown(known), isNew: false }
  }
  if (isByHand(registering.dialect)) {
    const { wishes } = registering
    return checklists[registering.dialect]({ wishes, fhirBase: wish.fhirBase, next: wish.next })
  }
  parts.say(`registering (${registering.dialect})`)
  const registered = await registerAnew(parts, wish, registering)
  return { registered, isNew: true, ...(before && { replaced: outdated(before.registered, registered) }) }
}

function asKnown({ worker = '', app, clientSecret, before }: SignUpWish['known']): Registered {
  return {
    worker: { clientId: worker, ...(clientSecret && { clientSecret }) },
    ...(app && { app: { clientId: app } }),
    made: before?.registered.made ?? [],
  }
}

async function registerAnew(
  parts: InstallParts,
  { fhirBase, role, adminToken }: SignUpWish,
  { dialect, smart, wishes }: Registering,
): Promise<Registered> {
  if (dialect === 'medplum' || dialect === 'aidbox') {
    if (!adminToken) throw new EmrError('an administrator’s token is needed', { status: 401 })
    const resources = dialect === 'medplum' ? toMedplumClients(wishes) : toAidboxClients(wishes)
    const wanted = resources.filter(({ as }) => role === 'host' || as !== 'app')
    return parts.resourceRegistrar.register(fhirBase, wanted, adminToken)
  }
  const endpoint = smart?.registrationEndpoint
  if (!endpoint) throw new EmrError('it names no registration endpoint')
  const { app, worker } = toMetadata(dialect === 'openemr' ? 'openemr' : 'rfc7591', wishes)
  return parts.registrar.register(endpoint, { worker, ...(role === 'host' && { app }) }, adminToken)
}

/** First with all that is useful, then with what must be. */
async function signIn(
  parts: InstallParts,
  wish: SignUpWish,
  done: Registering & Registration & Pick<SignUpDone, 'statement' | 'installKind'>,
): Promise<SignUpDone> {
  const { smart, wishes, ...rest } = done
  const { dialect, registered } = rest
  const { scopes, optionalScopes } = wishes.worker
  const { clientId = '', clientSecret } = registered.worker ?? {}
  const as = (asked: string[]): SignedUp => ({
    ...{ fhirBase: wish.fhirBase, clientId, scope: asked.join(' ') },
    ...(clientSecret && { clientSecret }),
  })
  const everything = [...scopes, ...optionalScopes]
  const end = await tokenFor(parts, everything, scopes, as)
  const { app } = registered
  return {
    ...{ kind: 'known', ...rest, place: as(end.asked), asked: askedOf(wishes) },
    ...(app && { app: { clientId: app.clientId, scope: appScopes(dialect, wishes).join(' ') } }),
    ...(end.granted && { granted: end.granted }),
    scopesRefused: sortRefused(everything, end.granted ?? end.asked, {
      ...{ role: wish.role, kind: done.installKind, needs: wish.needs },
    }),
    launches: smart?.authorizationEndpoint !== undefined,
  }
}

/** What an app may ask for at a launch is what it was registered with. */
function appScopes(dialect: Dialect, wishes: ClientWishes): string[] {
  if (dialect !== 'openemr') return wishes.app.scopes
  return String(toMetadata('openemr', wishes).app.scope).split(' ')
}

async function tokenFor(
  parts: InstallParts,
  everything: string[],
  needed: string[],
  as: (asked: string[]) => SignedUp,
): Promise<{ asked: string[]; granted: string[] | undefined }> {
  try {
    return { asked: everything, granted: await parts.open(as(everything)).signIn() }
  } catch (error) {
    if (!(error instanceof EmrError) || error.code !== 'invalid_scope') throw error
    return { asked: needed, granted: await parts.open(as(needed)).signIn() }
  }
}
