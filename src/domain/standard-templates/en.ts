/** English. SMS texts keep to the GSM alphabet; one curly quote would more than double their price. */
import { replyWords, type Wordings } from './wording.ts'

const { confirm, cancel, stop, start } = replyWords.en

const place = '{% if place %}, {{ place }}{% endif %}'
const visitTime = '{{ start | day }} at {{ start | time }}'
const ofVisit = `{% if start %} on ${visitTime}{% endif %}`
const visitLines = `{{ start | day }}, {{ start | time }}
{{ clinic }}${place}{% if practitioner %}
{{ practitioner }}{% endif %}`

export const english: Wordings['en'] = {
  'visit-reminder': {
    sms: {
      body: `Hello {{ patient }}, a reminder of your visit to {{ clinic }} on ${visitTime}${place}. Reply ${confirm} to confirm, ${cancel} to cancel, ${stop} to opt out.`,
    },
    whatsapp: {
      body: `Hello {{ patient }}, a reminder of your visit:

${visitLines}

Reply ${confirm} to confirm, ${cancel} to cancel.
${stop} ends these messages.`,
    },
    email: {
      subject: 'Your visit to {{ clinic }} on {{ start | day }}',
      body: `Dear {{ patient }},

this is a reminder of your visit:

${visitLines}

Reply ${confirm} to confirm, ${cancel} to cancel, ${stop} to opt out.

Kind regards
{{ clinic }}`,
    },
  },
  'visit-reminder-several': {
    sms: {
      body: `Hello {{ patient }}, a reminder of your visits to {{ clinic }}${place} on ${visitTime}, then at {{ others | times }}. For the first one reply ${confirm} to confirm, ${cancel} to cancel. ${stop} to opt out.`,
    },
    whatsapp: {
      body: `Hello {{ patient }}, a reminder of your visits on one day:

${visitLines}

Also that day, at: {{ others | times }}

For the first visit reply ${confirm} to confirm, ${cancel} to cancel.
${stop} ends these messages.`,
    },
    email: {
      subject: 'Your visits to {{ clinic }} on {{ start | day }}',
      body: `Dear {{ patient }},

this is a reminder of your visits on one day:

${visitLines}

Also that day, at: {{ others | times }}

For the first visit reply ${confirm} to confirm, ${cancel} to cancel. ${stop} to opt out.

Kind regards
{{ clinic }}`,
    },
  },
  'visit-reminder-confirmed': {
    sms: {
      body: `Hello {{ patient }}, we look forward to seeing you at {{ clinic }} on ${visitTime}${place}. Reply ${stop} to opt out.`,
    },
    whatsapp: {
      body: `Hello {{ patient }}, we look forward to seeing you:

${visitLines}

${stop} ends these messages.`,
    },
    email: {
      subject: 'Your visit to {{ clinic }} on {{ start | day }}',
      body: `Dear {{ patient }},

we look forward to seeing you:

${visitLines}

Reply ${stop} to opt out.

Kind regards
{{ clinic }}`,
    },
  },
  'visit-reminder-one-way': {
    sms: {
      body: `Hello {{ patient }}, a reminder of your visit to {{ clinic }} on ${visitTime}${place}. To change it, please call us.`,
    },
  },
  'reply-confirmed': answer(
    'We look forward to your visit',
    `Thank you. We have noted that you are coming to {{ clinic }}${ofVisit}.`,
  ),
  'reply-cancel-staff': answer(
    'We have told our staff',
    `Thank you for telling us that you cannot come${ofVisit}. We have told the staff of {{ clinic }}, and they will see to it.`,
  ),
  'reply-cancelled': answer(
    'Your visit is cancelled',
    `Your visit to {{ clinic }}${ofVisit} is cancelled. To book another time, please contact us.`,
  ),
  'reply-stop': answer(
    'No more messages',
    `You will get no more messages from {{ clinic }}. Reply ${start} to get them again.`,
  ),
  'reply-start': answer(
    'Messages are on again',
    `You will get messages from {{ clinic }} again. Reply ${stop} to opt out.`,
  ),
  'reply-start-unknown': answer(
    'Please ask at the front desk',
    'Thank you. To get messages from {{ clinic }}, please ask at the front desk.',
  ),
  'reply-help': answer(
    'Help',
    `You get messages about your visits from {{ clinic }}.{% if phone %} Questions: {{ phone }}.{% endif %} Reply ${stop} to opt out. In an emergency, call your local emergency number.`,
  ),
}

/** Short answers are the same everywhere; only e-mail opens and closes like a letter. */
function answer(subject: string, text: string) {
  return {
    sms: { body: text },
    whatsapp: { body: text },
    email: { subject: `{{ clinic }}: ${subject}`, body: `Hello,\n\n${text}\n\nKind regards\n{{ clinic }}` },
  }
}
