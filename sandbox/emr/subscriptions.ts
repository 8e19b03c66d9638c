/**
 * R4 Subscriptions: `requested` becomes `active` (a version later, where the host does that) or `error`; from then on
 * every change that matches the criteria after it happened, and every deletion of what matched, is delivered.
 * https://hl7.org/fhir/R4/subscription.html
 */
import { parseSearchRequest } from '@medplum/core'
import type { Subscription } from 'fhir/r4'
import type { Change } from './fhir-repository.ts'
import type { NotificationForm } from './likes/like.ts'
import { activates, notificationForms } from './notification-forms.ts'
import type { Version } from './record-store.ts'
import type { Repository } from './repository.ts'
import { type Criterion, matchesCriteria, toCriteria } from './search-match.ts'
import { isResourceType } from './search-parameters.ts'
import { readSearchValues } from './search-values.ts'
import { createDelivery, type Delivery } from './subscription-delivery.ts'

interface Watch {
  type: string
  criteria: readonly Criterion[]
  /** Set up again when these change. */
  terms: string
  subscription: Subscription
  delivery: Delivery
}

export interface Subscriptions {
  hear(change: Change): Promise<void>
  stop(): void
}

export interface SubscriptionParts {
  repository: Repository
  retryDelays: readonly number[]
  form: NotificationForm
}

export function createSubscriptions({ repository, retryDelays, form }: SubscriptionParts): Subscriptions {
  const watches = new Map<string, Watch>()
  let ended = false

  function drop(id: string): void {
    watches.get(id)?.delivery.stop()
    watches.delete(id)
  }

  async function setStatus(id: string, status: Subscription['status'], error?: string): Promise<void> {
    if (!ended) await writeStatus(repository, id, status, error)
  }

  async function follow({ kind, record }: Change): Promise<void> {
    if (record.resourceType !== 'Subscription') return
    const { id, status } = record
    if (kind === 'deleted' || isIdle(status, form)) return drop(id)
    const fault = findFault(record)
    if (fault) {
      drop(id)
      return setStatus(id, 'error', fault)
    }
    const terms = termsOf(record)
    if (watches.get(id)?.terms !== terms || status === 'requested') {
      drop(id)
      watches.set(id, {
        ...readCriteria(record.criteria),
        terms,
        subscription: record,
        delivery: deliveryOf(id),
      })
    }
    if (status === 'requested') await setStatus(id, 'active')
  }

  function deliveryOf(id: string): Delivery {
    const gaveUp = (error: string) => {
      watches.delete(id)
      void setStatus(id, 'error', error)
    }
    return createDelivery({ retryDelays, gaveUp })
  }

  return {
    async hear(change) {
      for (const watch of watches.values()) if (isMatch(watch, change.record)) tell(watch, change, form)
      await follow(change)
    },
    stop() {
      ended = true
      for (const id of watches.keys()) drop(id)
    },
  }
}

async function writeStatus(
  repository: Repository,
  id: string,
  status: Subscription['status'],
  error: string | undefined,
): Promise<void> {
  const subscription = await repository.read('Subscription', id)
  if (!subscription) return
  const { error: _error, ...rest } = subscription
  await repository.update({ ...rest, status, ...(error && { error }) })
}

function tell({ subscription, delivery }: Watch, change: Change, form: NotificationForm): void {
  const request = notificationForms[form](subscription, change)
  if (request) delivery.add(request)
}

function termsOf({ criteria, channel, extension }: Subscription): string {
  return JSON.stringify([criteria, channel, extension])
}

/** Is nothing delivered for it, and nothing to be set up? */
function isIdle(status: Subscription['status'], form: NotificationForm): boolean {
  return status === 'off' || status === 'error' || (status === 'requested' && !activates(form))
}

function isMatch({ type, criteria }: Watch, record: Version): boolean {
  if (record.resourceType !== type) return false
  return matchesCriteria(criteria, (parameter) => readSearchValues(record, parameter))
}

function readCriteria(text: string): { type: string; criteria: Criterion[] } {
  const search = parseSearchRequest(text)
  return { type: search.resourceType, criteria: toCriteria(search) }
}

/** Why this server cannot carry it, in words for the one who wrote it. */
function findFault({ criteria, channel }: Subscription): string | undefined {
  if (channel.type !== 'rest-hook') return `Channel type '${channel.type}' is not offered here`
  if (!URL.canParse(channel.endpoint ?? '') || !/^https?:/.test(channel.endpoint ?? ''))
    return 'No usable endpoint'
  if (channel.header?.some((line) => !/^[!#$%&'*+.^_`|~\w-]+:/.test(line)))
    return 'A header is not "Name: value"'
  try {
    if (!isResourceType(readCriteria(criteria).type))
      return 'The criteria name no resource type of this server'
    return undefined
  } catch {
    return 'The criteria cannot be judged by this server'
  }
}
