/** `qasid senders`, `qasid test` and `qasid templates`: what there is to send through and to send, and how it is. */
import type { World } from '../../flows/ports.ts'
import { createMessageDesk } from '../message-desk.ts'
import type { Answer } from './answer.ts'
import { toTable } from './table.ts'
import { type Given, onlyPositional, UsageError } from './usage.ts'

export const senderOptions = {} as const

export async function senders(given: Given, openWorld: () => Promise<World>): Promise<Answer> {
  takesNothing(given)
  const all = await createMessageDesk(await openWorld()).senders()
  const rows = all.map(({ id, channel, provider, address, health, paused, countries }) => [
    ...[id, channel, provider, address, health, paused && `paused (${paused.code})`],
    countries?.join(' '),
  ])
  const headings = ['sender', 'channel', 'provider', 'address', 'health', 'state', 'countries']
  return { lines: toTable(headings, rows), json: all, code: 0 }
}

export async function test(given: Given, openWorld: () => Promise<World>): Promise<Answer> {
  const id = onlyPositional(given, 'one sender by its id')
  const tested = await createMessageDesk(await openWorld()).testSender(id)
  if (tested.kind === 'missing') return { lines: [tested.error], json: { error: tested.error }, code: 1 }
  const { kind: _kind, ...json } = tested
  return { lines: [tested.sentence], json, code: tested.ok ? 0 : 1 }
}

export async function templates(given: Given, openWorld: () => Promise<World>): Promise<Answer> {
  takesNothing(given)
  const all = await createMessageDesk(await openWorld()).templates()
  const rows = all.map(({ name, version, values, asksForVisit, channels, languages, title }) => [
    ...[
      name,
      version,
      values.required.join(' '),
      values.optional.join(' '),
      asksForVisit ? 'yes' : undefined,
    ],
    ...[channels.join(' '), languages.join(' '), title],
  ])
  const approvals = all.flatMap((template) =>
    template.approvals.map(({ sender, name, language, status, because }) => [
      ...[template.name, sender, name, language, status, because],
    ]),
  )
  const headings = [
    'template',
    'version',
    'values',
    'optional values',
    'needs a visit',
    'channels',
    'languages',
    'title',
  ]
  const lines = toTable(headings, rows)
  const told = toTable(['template', 'sender', 'wording', 'language', 'status', 'because'], approvals)
  return { lines: approvals.length > 0 ? [...lines, '', ...told] : lines, json: all, code: 0 }
}

function takesNothing({ positionals }: Given): void {
  if (positionals.length > 0) throw new UsageError('This command takes options only.')
}
