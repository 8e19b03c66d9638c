/**
 * Message templates: Liquid without loops, files or HTML. A value that is not known refuses the message; an empty one
 * counts as not known. Optional clauses are written `{% if practitioner %} … {% endif %}`.
 */
import { Liquid, UndefinedVariableError } from 'liquidjs'
import type { TemplateApproval } from './approval.ts'
import type { Channel } from './channel.ts'
import type { Language } from './language.ts'
import type { MessageCategory, ReplyOption } from './message-request.ts'
import { type Instant, parseInstant } from './time.ts'

export interface TemplateContent {
  channel: Channel
  language: Language
  body: string
  /** E-mail only. */
  subject?: string
}

export interface Template {
  name: string
  /** Canonical URL, without the version. */
  url: string
  version: string
  /** For staff, in English. */
  title: string
  contents: TemplateContent[]
  /** What the text asks, in the order shown. */
  replyOptions: ReplyOption[]
  category: MessageCategory
  /** What companies said of its wordings, by sender. */
  approvals?: TemplateApproval[]
}

/** Our fixed answers to what patients write are sent by us alone. */
export function isForSending({ category }: Pick<Template, 'category'>): boolean {
  return category !== 'auto-reply' && category !== 'consent-confirmation'
}

/** Its question is about a visit: without one an answer would be about nothing. */
export function asksForVisit({ category, replyOptions }: Template): boolean {
  return category === 'reminder' && replyOptions.length > 0
}

export type Rendered =
  | { kind: 'rendered'; text: string; subject?: string; language: Language }
  /** `missing` is the name of the parameter, never its value. */
  | { kind: 'refused'; reason: 'no-template' | 'missing-value'; missing?: string }

export interface TemplateAsk {
  channel: Channel
  /** Already decided by the caller: another language is never taken instead. */
  language: Language
  /** The patient's BCP 47 tag: its region decides how days and times are written. */
  tag: string
  /** IANA name: days and times are those of this zone's clock. */
  zone: string
  /** Instants as FHIR writes them; everything else as it is to be read. */
  parameters: Record<string, string>
}

/** A template that is not there in this channel and language, or is itself broken, is `no-template`. */
export function renderTemplate(template: Template, ask: TemplateAsk): Rendered {
  const content = template.contents.find(
    ({ channel, language }) => channel === ask.channel && language === ask.language,
  )
  if (!content) return { kind: 'refused', reason: 'no-template' }
  const liquid = createLiquid(ask)
  const values = present(ask)
  try {
    const text = liquid.parseAndRenderSync(content.body, values).trim()
    if (text === '') return { kind: 'refused', reason: 'no-template' }
    const subject = content.subject && toOneLine(liquid.parseAndRenderSync(content.subject, values))
    return { kind: 'rendered', text, ...(subject && { subject }), language: ask.language }
  } catch (error) {
    return toRefusal(error, values)
  }
}

/** The value of one `{{ expression }}` on one line, as companies want their parameters; `undefined` when it is not known. */
export function renderExpression(expression: string, ask: TemplateAsk): string | undefined {
  try {
    const text = createLiquid(ask).parseAndRenderSync(`{{ ${expression} }}`, present(ask))
    return toOneLine(String(text)) || undefined
  } catch {
    return undefined
  }
}

/** An empty value is one that is not known. */
function present({ parameters }: TemplateAsk): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value.trim() !== ''))
}

/** Tags that cannot loop, read or remember; filters that cannot see a clock. */
const allowedTags = ['if', 'unless', 'case', 'comment']
const allowedFilters = ['default']
const longestTemplate = 10_000

/** One per rendering: it costs about 50 µs, and so no two patients ever share a zone or a language. */
function createLiquid({ language, tag, zone }: TemplateAsk): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {},
    parseLimit: longestTemplate,
  })
  keepOnly(allowedTags, liquid.tags)
  keepOnly(allowedFilters, liquid.filters)
  const locale = localeOf(tag, language)
  liquid.registerFilter('day', (value: unknown) => write(toInstant(value), locale, zone, dayForm))
  liquid.registerFilter('time', (value: unknown) => write(toInstant(value), locale, zone, timeForm[language]))
  liquid.registerFilter('times', (value: unknown) => writeTimes(value, locale, zone, timeForm[language]))
  return liquid
}

/** Several instants with a space between them, as `11:00 am and 2:30 pm`. */
function writeTimes(value: unknown, locale: string, zone: string, form: Intl.DateTimeFormatOptions): string {
  const times = String(value)
    .split(' ')
    .map((one) => write(toInstant(one), locale, zone, form))
  return new Intl.ListFormat(locale).format(times)
}

function keepOnly(names: string[], all: Record<string, unknown>): void {
  for (const name of Object.keys(all)) if (!names.includes(name)) delete all[name]
}

/** `Monday, 23 November`, `الاثنين، 23 نوفمبر`: no year. */
const dayForm: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' }

const clockForm: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' }
const timeForm: Record<Language, Intl.DateTimeFormatOptions> = {
  en: clockForm,
  ar: clockForm,
  // `सुबह 10:30`, as it is said; the default is a Latin "am" in the middle of Devanagari.
  hi: { ...clockForm, dayPeriod: 'short' },
}

function write(at: Instant, locale: string, zone: string, form: Intl.DateTimeFormatOptions): string {
  // One narrow no-break space would double the price of an SMS, see segments.ts.
  return formatIn(locale, zone, form).format(at).replace(/\s/g, ' ')
}

/** Gregorian wherever the patient is from: it is the calendar that the clinic books in. */
function formatIn(locale: string, zone: string, form: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, { ...form, timeZone: zone, calendar: 'gregory' })
  } catch {
    throw new UnusableValue(zone)
  }
}

/** Language and region only: a script or calendar in the tag would not go with the words around it. */
function localeOf(tag: string, language: Language): string {
  const region = regionOf(tag, language)
  if (region) return `${language}-${region}`
  // English of no country in particular; plain `en` would write as the United States do.
  return language === 'en' ? 'en-001' : language
}

function regionOf(tag: string, language: Language): string | undefined {
  try {
    const locale = new Intl.Locale(tag)
    return locale.language === language ? locale.region : undefined
  } catch {
    return undefined
  }
}

/** Given, but not an instant or not a zone. */
class UnusableValue extends Error {
  readonly value: unknown
  constructor(value: unknown) {
    super('A value of the template cannot be read')
    this.name = 'UnusableValue'
    this.value = value
  }
}

function toInstant(value: unknown): Instant {
  const at = typeof value === 'string' ? parseInstant(value) : undefined
  if (at === undefined) throw new UnusableValue(value)
  return at
}

function toRefusal(error: unknown, values: Record<string, string>): Rendered {
  const cause = originalOf(error)
  if (cause instanceof UnusableValue) {
    const missing = Object.keys(values).find((name) => values[name] === cause.value)
    return { kind: 'refused', reason: 'missing-value', missing }
  }
  if (error instanceof UndefinedVariableError) {
    return { kind: 'refused', reason: 'missing-value', missing: variableOf(cause) }
  }
  return { kind: 'refused', reason: 'no-template' }
}

/** Liquid wraps what was thrown inside it. */
function originalOf(error: unknown): unknown {
  return error instanceof Error && 'originalError' in error ? error.originalError : error
}

function variableOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'variableName' in cause ? String(cause.variableName) : undefined
}

function toOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
