/** What is known of a FHIR server before anything depends on it: what it says of itself, and what of that was tried. */

/** From its CapabilityStatement; a part that is missing there reads as "does not say". */
export interface ServerStatement {
  /** `4.0.1` */
  fhirVersion: string
  software?: string
  resources: Map<string, ResourceStatement>
  /** Canonical URLs of the SubscriptionTopics that it lists. */
  topics: string[]
  /** How a Subscription is written there: `active` where the server never makes one active by itself. */
  subscriptionsStartAs: 'requested' | 'active'
  batch: boolean
  transaction: boolean
}
export interface ResourceStatement {
  /** `read`, `search-type`, `create` … */
  interactions: string[]
  conditionalCreate: boolean
  searchParams: string[]
}

/** One small thing that was asked of a server, to see what really comes. */
export type ProbeName =
  | 'read-patient'
  | 'visits-by-date'
  | 'visits-by-location'
  | 'visits-by-practitioner'
  | 'visits-by-patient'
  | 'visits-by-change'
  | 'topic-subscription'
  | 'subscription'
  | 'conditional-create'
  | 'batch'
  | 'transaction'
  | 'foreign-reference'

export type ProbeEnd =
  | { kind: 'worked' }
  /** It answered, but not with what we need; `code` is an HTTP status or a word of ours. */
  | { kind: 'refused'; code: string }
  /** No answer that says anything. */
  | { kind: 'failed'; code: string }
  /** It does not offer it, it could not be taken back, there was nothing to try it on, or a better way works. */
  | { kind: 'untried'; because: 'not-offered' | 'cannot-be-removed' | 'nothing-to-read' | 'not-needed' }

export type Probe = { name: ProbeName; end: ProbeEnd }

export interface ServerFacts {
  fhirBase: string
  statement: ServerStatement
  probes: Probe[]
  /** What a probe made and the server would not let us remove, `Basic/…`. */
  left: string[]
}

/** `interaction` as manifest and scopes say it. */
export type Need = 'create' | 'read' | 'update' | 'delete' | 'search'

export function offers({ resources }: ServerStatement, type: string, needs: Need[]): boolean {
  const { interactions = [] } = resources.get(type) ?? {}
  return needs.every((need) => interactions.includes(need === 'search' ? 'search-type' : need))
}

export function endOf({ probes }: Pick<ServerFacts, 'probes'>, name: ProbeName): ProbeEnd | undefined {
  return probes.find((one) => one.name === name)?.end
}

/** Not contradicted: a probe that could not be made leaves the server's own word. */
export function stands(facts: Pick<ServerFacts, 'probes'>, name: ProbeName): boolean {
  const end = endOf(facts, name)
  return end === undefined || end.kind === 'worked' || end.kind === 'untried'
}
