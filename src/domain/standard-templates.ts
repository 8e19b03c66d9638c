/**
 * The templates that every install starts with. A changed text gets a new version: messages pin the one they used.
 *
 * Parameters: `others` (instants, a space between them) in the reminder of several visits; `clinic` in all; `patient` and `start` (an instant) in the reminders. Optional, left out with their
 * clause when absent or empty: `place` and `practitioner` in the reminders (the latter not by SMS, where it would
 * cost a segment), `start` in the answers about a visit, `phone` in the help.
 */
import { channels } from './channel.ts'
import { languages } from './language.ts'
import type { MessageCategory, ReplyOption } from './message-request.ts'
import { arabic } from './standard-templates/ar.ts'
import { english } from './standard-templates/en.ts'
import { hindi } from './standard-templates/hi.ts'
import type { StandardTemplateName, Wording, Wordings } from './standard-templates/wording.ts'
import type { Template, TemplateContent } from './template.ts'

export type { StandardTemplateName } from './standard-templates/wording.ts'

interface Outline {
  title: string
  category: MessageCategory
  replyOptions: ReplyOption[]
}

const outlines: Record<StandardTemplateName, Outline> = {
  'visit-reminder': {
    title: 'Visit reminder that asks for an answer',
    category: 'reminder',
    replyOptions: ['confirm', 'cancel'],
  },
  'visit-reminder-confirmed': {
    title: 'Visit reminder, already confirmed',
    category: 'reminder',
    replyOptions: [],
  },
  'visit-reminder-several': {
    title: 'Reminder of several visits on one day, that asks about the first',
    category: 'reminder',
    replyOptions: ['confirm', 'cancel'],
  },
  'visit-reminder-one-way': {
    title: 'Visit reminder from a number that cannot be answered',
    category: 'reminder',
    replyOptions: [],
  },
  'reply-confirmed': { title: 'Answer: coming', category: 'auto-reply', replyOptions: [] },
  'reply-cancel-staff': {
    title: 'Answer: not coming, staff will see to it',
    category: 'auto-reply',
    replyOptions: [],
  },
  'reply-cancelled': {
    title: 'Answer: the visit is cancelled in the EMR',
    category: 'auto-reply',
    replyOptions: [],
  },
  'reply-stop': { title: 'Answer: no more messages', category: 'consent-confirmation', replyOptions: [] },
  'reply-start': { title: 'Answer: messages again', category: 'consent-confirmation', replyOptions: [] },
  'reply-start-unknown': {
    title: 'Answer: START by someone who never agreed to messages',
    category: 'auto-reply',
    replyOptions: [],
  },
  'reply-help': { title: 'Answer: help', category: 'auto-reply', replyOptions: [] },
}

const wordings: Wordings = { en: english, ar: arabic, hi: hindi }

export const standardTemplates: Template[] = Object.entries(outlines).map(([name, outline]) => ({
  name,
  // As `templateUrl` in fhir/codes.ts writes it, which domain may not import.
  url: `https://qasid.dev/fhir/ActivityDefinition/${name}`,
  version: '1',
  ...outline,
  contents: contentsOf(name as StandardTemplateName),
}))

function contentsOf(name: StandardTemplateName): TemplateContent[] {
  return languages.flatMap((language) =>
    channels.flatMap((channel) => {
      const wording: Partial<Wording> = wordings[language][name]
      const said = wording[channel]
      return said ? [{ channel, language, ...said }] : []
    }),
  )
}
