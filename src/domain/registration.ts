/** The ways in which hosts make a client known, and how one is guessed. */
export const dialects = [
  /** Dynamic registration, https://www.rfc-editor.org/rfc/rfc7591. */
  'rfc7591',
  /** RFC 7591 with words of its own. */
  'openemr',
  /** ClientApplication and AccessPolicy, written as resources by an administrator. */
  'medplum',
  /** Client and AccessPolicy, written as resources by an administrator. */
  'aidbox',
  /** Typed into the vendor's form by hand. */
  'epic',
  'oracle',
  'athena',
  'by-hand',
  /** A server that asks nobody who they are. */
  'open',
] as const
export type Dialect = (typeof dialects)[number]

export function isByHand(dialect: Dialect): dialect is 'epic' | 'oracle' | 'athena' | 'by-hand' {
  return ['epic', 'oracle', 'athena', 'by-hand'].includes(dialect)
}

/** What is told to the chart would reach nobody: Communication there is the inbox of staff, and takes no patient. */
export function takesNoMessages(dialect: Dialect): boolean {
  return dialect === 'oracle'
}

/** Words in a server's own name for itself. */
const names: [RegExp, Dialect][] = [
  [/\bepic\b/i, 'epic'],
  [/oracle|cerner|millennium/i, 'oracle'],
  [/athena/i, 'athena'],
  [/openemr/i, 'openemr'],
  [/medplum/i, 'medplum'],
  [/aidbox/i, 'aidbox'],
]

/** `smart` is absent where the host has no SMART configuration. */
export function guessDialect(host: {
  software?: string
  smart?: { registrationEndpoint?: string }
}): Dialect {
  if (!host.smart) return 'open'
  const named = names.find(([pattern]) => pattern.test(host.software ?? ''))?.[1]
  if (named) return named
  return host.smart.registrationEndpoint ? 'rfc7591' : 'by-hand'
}

/** What a host gave us to be known by. */
export interface RegisteredClient {
  clientId: string
  clientSecret?: string
  /** RFC 7592: where the registration is changed and deleted, and what opens it. */
  uri?: string
  token?: string
}

export interface Registered {
  app?: RegisteredClient
  worker?: RegisteredClient
  /** Resources that stand at the host for us, `ClientApplication/…`, deepest last. */
  made: string[]
}

/** What was registered before. `asked` is what a host was asked to know of us then, in no order. */
export interface RegisteredBefore {
  dialect: Dialect
  registered: Registered
  asked: string[]
}

/** Whether a host has to be told anew, because addresses or scopes are not those of before. */
export function mustAskAnew(before: RegisteredBefore | undefined, asked: string[]): boolean {
  if (!before || before.asked.length === 0) return false
  return before.asked.toSorted().join(' ') !== asked.toSorted().join(' ')
}

/** Whether we can register anew and take back what was: as somebody whom the host lets do both. */
export function canReplace({ dialect, registered }: RegisteredBefore, hasAdminToken: boolean): boolean {
  if (dialect === 'rfc7591') return registered.worker?.uri !== undefined
  return (dialect === 'medplum' || dialect === 'aidbox') && hasAdminToken
}

/** What of the registration before is not part of the new one; servers that let ids be chosen keep the same. */
export function outdated(before: Registered, now: Registered): Registered {
  const isKept = (one: RegisteredClient) =>
    one.clientId === now.app?.clientId || one.clientId === now.worker?.clientId
  return {
    ...(before.app && !isKept(before.app) && { app: before.app }),
    ...(before.worker && !isKept(before.worker) && { worker: before.worker }),
    made: before.made.filter((one) => !now.made.includes(one)),
  }
}
