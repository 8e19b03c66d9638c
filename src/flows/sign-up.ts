/**
 * sign-up: one server comes to know us, and gives us a token.
 * in: its CapabilityStatement and SMART configuration · decides: dialect, scopes · out: clients there, or what a person has to type in
 */
import { checklists } from '../domain/checklists/index.ts'
import { type ClientWishes, type ManifestClients, toMetadata, toWishes } from '../domain/client-metadata.ts'
import { scopesOf, scopesRefused } from '../domain/client-scopes.ts'
import { explainTrouble, type InstallStep } from '../domain/install-trouble.ts'
import { type Dialect, guessDialect, isByHand, type Registered } from '../domain/registration.ts'
import type { ServerStatement } from '../domain/server-facts.ts'
import { toAidboxClients, toMedplumClients } from '../fhir/client-resources.ts'
import type { InstallParts, SignedUp, SmartFacts } from './install-ports.ts'
import { EmrError } from './ports.ts'

export interface SignUpWish {
  fhirBase: string
  manifest: ManifestClients
  baseUrl: string
  jwksPath: string
  dialect?: Dialect
  adminToken?: string
  /** Typed in by a person, or from an install before. */
  known: { worker?: string; app?: string; clientSecret?: string }
  /** Only the worker goes to a store beside the host. */
  role: 'host' | 'store'
  /** The command that goes on after a checklist. */
  next: string
}

export type SignUpEnd =
  | {
      kind: 'known'
      dialect: Dialect
      statement: ServerStatement
      place: SignedUp
      app?: { clientId: string; scope: string }
      registered: Registered
      /** Absent where the server does not say. */
      granted?: string[]
      scopesRefused: string[]
      launches: boolean
    }
  | { kind: 'checklist'; markdown: string }
  | { kind: 'refused'; because: string }

/** Ends in a sentence, whatever the server does. */
export async function signUp(parts: InstallParts, wish: SignUpWish): Promise<SignUpEnd> {
  let step: InstallStep = 'reading its CapabilityStatement'
  const jwksUrl = `${wish.baseUrl}${wish.jwksPath}`
  let scopes: string[] = []
  try {
    parts.say(`reading what ${wish.fhirBase} says of itself`)
    const statement = await parts.examiner.statement(wish.fhirBase)
    step = 'reading its SMART configuration'
    const smart = await parts.examiner.smart(wish.fhirBase)
    const dialect = wish.dialect ?? guessDialect({ ...statement, ...(smart && { smart }) })
    if (dialect === 'open') return open(wish, statement)
    const wishes = wishesFor(wish, statement, smart)
    scopes = wishes.worker.scopes
    step = 'registering'
    const registered = await register(parts, wish, { dialect, smart, wishes })
    if (typeof registered === 'string') return { kind: 'checklist', markdown: registered }
    step = 'fetching a token'
    parts.say('signing in as the worker')
    return await signIn(parts, wish, { dialect, statement, smart, wishes, registered })
  } catch (error) {
    if (!(error instanceof EmrError)) throw error
    const { status, code, message } = error
    const refusal = { says: message, ...(status !== undefined && { status }), ...(code && { code }) }
    const jwksReachable = await parts.examiner.isReachable(jwksUrl)
    const place = { fhirBase: wish.fhirBase, jwksUrl, jwksReachable, scopes }
    return { kind: 'refused', because: explainTrouble(step, refusal, place) }
  }
}

/** Nobody is asked for a token there, so nobody has to be known. */
function open({ fhirBase }: SignUpWish, statement: ServerStatement): SignUpEnd {
  const registered = { made: [] }
  return {
    ...{ kind: 'known', dialect: 'open', statement, registered, scopesRefused: [], launches: false },
    place: { fhirBase },
  }
}

/** Only of what the server has: one scope too many is a reason to refuse them all. */
function wishesFor(
  wish: SignUpWish,
  statement: ServerStatement,
  smart: SmartFacts | undefined,
): ClientWishes {
  const said = smart?.capabilities ?? []
  const v1 = !said.includes('permission-v2') && said.includes('permission-v1')
  const { software, app, worker } = toWishes(wish.manifest, { ...wish, v1 })
  const here = (scopes: string[]) => scopesOf(statement, scopes)
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

/** A checklist where a person has to do it. Who is known already is not registered again. */
async function register(
  parts: InstallParts,
  wish: SignUpWish,
  { dialect, smart, wishes }: Registering,
): Promise<Registered | string> {
  const { known, fhirBase, role, adminToken } = wish
  if (known.worker)
    return {
      worker: { clientId: known.worker, ...(known.clientSecret && { clientSecret: known.clientSecret }) },
      ...(known.app && { app: { clientId: known.app } }),
      made: [],
    }
  if (isByHand(dialect)) return checklists[dialect]({ wishes, fhirBase, next: wish.next })
  parts.say(`registering (${dialect})`)
  if (dialect === 'medplum' || dialect === 'aidbox') {
    if (!adminToken) throw new EmrError('an administrator’s token is needed', { status: 401 })
    const resources = dialect === 'medplum' ? toMedplumClients(wishes) : toAidboxClients(wishes)
    const wanted = resources.filter(({ as }) => role === 'host' || as !== 'app')
    return parts.resourceRegistrar.register(fhirBase, wanted, adminToken)
  }
  const endpoint = smart?.registrationEndpoint
  if (!endpoint) throw new EmrError('it names no registration endpoint')
  const { app, worker } = toMetadata(dialect, wishes)
  return parts.registrar.register(endpoint, { worker, ...(role === 'host' && { app }) }, adminToken)
}

/** First with all that is useful, then with what must be. */
async function signIn(
  parts: InstallParts,
  wish: SignUpWish,
  known: Registering & { statement: ServerStatement; registered: Registered },
): Promise<SignUpEnd> {
  const { dialect, statement, smart, wishes, registered } = known
  const { scopes, optionalScopes } = wishes.worker
  const { clientId = '', clientSecret } = registered.worker ?? {}
  const as = (asked: string[]): SignedUp => ({
    ...{ fhirBase: wish.fhirBase, clientId, scope: asked.join(' ') },
    ...(clientSecret && { clientSecret }),
  })
  const everything = [...scopes, ...optionalScopes]
  const end = await tokenFor(parts, everything, scopes, as).catch(async (error: unknown) => {
    // What we made is of no use to anyone.
    if (!wish.known.worker) await takeBackClients(parts, wish, dialect, registered).catch(() => [])
    throw error
  })
  return {
    ...{ kind: 'known', dialect, statement, registered, place: as(end.asked) },
    ...(registered.app && { app: { clientId: registered.app.clientId, scope: wishes.app.scopes.join(' ') } }),
    ...(end.granted && { granted: end.granted }),
    scopesRefused: scopesRefused(everything, end.granted ?? end.asked),
    launches: smart?.authorizationEndpoint !== undefined,
  }
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

/** What could not be taken back, by client id or reference. */
export async function takeBackClients(
  parts: Pick<InstallParts, 'registrar' | 'resourceRegistrar'>,
  { fhirBase, adminToken }: Pick<SignUpWish, 'fhirBase' | 'adminToken'>,
  dialect: Dialect,
  registered: Registered,
): Promise<string[]> {
  if (dialect === 'rfc7591' || dialect === 'openemr') return parts.registrar.unregister(registered)
  if (registered.made.length === 0) return []
  if (!adminToken) return registered.made
  return parts.resourceRegistrar.unregister(fhirBase, registered.made, adminToken)
}
