import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Language } from '../../src/domain/language.ts'
import { renderTemplate, type Template, type TemplateAsk } from '../../src/domain/template.ts'

const start = '2026-11-23T06:30:00Z'

describe('a template', () => {
  it('is filled in as it stands, without escaping', () => {
    expect(render('Hello {{ patient }} & <family>', { patient: "O'Neil {{ x }} <b>" })).toEqual({
      kind: 'rendered',
      text: "Hello O'Neil {{ x }} <b> & <family>",
      language: 'en',
    })
  })

  it('has its subject on one line', () => {
    const template = templateOf('Hello', 'en', 'Visit to\n{{ clinic }}')
    expect(renderTemplate(template, askFor({ clinic: 'Palm\r\nbcc: x' }))).toMatchObject({
      subject: 'Visit to Palm bcc: x',
    })
  })

  it.each<Record<string, string>>([
    {},
    { patient: '' },
    { patient: '  ' },
  ])('is refused by name when a value is missing: %j', (parameters) => {
    expect(render('Hello {{ patient }}', parameters)).toEqual({
      kind: 'refused',
      reason: 'missing-value',
      missing: 'patient',
    })
  })

  it('is refused when only its subject misses a value', () => {
    const template = templateOf('Hello', 'en', 'Visit to {{ clinic }}')
    expect(renderTemplate(template, askFor({}))).toEqual({
      kind: 'refused',
      reason: 'missing-value',
      missing: 'clinic',
    })
  })

  it.each<Record<string, string>>([
    {},
    { practitioner: '' },
  ])('leaves out an optional clause with %j', (parameters) => {
    expect(
      render('Visit{% if practitioner %} with {{ practitioner }}{% endif %}.', parameters),
    ).toMatchObject({ text: 'Visit.' })
  })

  it.each([
    'yesterday',
    '2026-11-23',
    '2026-02-30T10:00:00Z',
  ])('is refused when %s should be an instant', (value) => {
    for (const filter of ['day', 'time']) {
      expect(render(`{{ start | ${filter} }}`, { start: value })).toEqual({
        kind: 'refused',
        reason: 'missing-value',
        missing: 'start',
      })
    }
  })

  it('is refused rather than written in no zone', () => {
    expect(
      renderTemplate(templateOf('{{ start | time }}'), { ...askFor({ start }), zone: 'Mars/Olympus' }),
    ).toEqual({ kind: 'refused', reason: 'missing-value' })
  })

  it.each([
    'Hello {{ patient',
    '{% if patient %}',
    '{{ patient | shout }}',
    '{% for a in patient %}{{ a }}{% endfor %}',
    '{% include "x" %}',
    '{% render "x" %}',
    '{% assign a = 1 %}',
    '{{ "now" | date: "%Y" }}',
    '',
    ' ',
    'x'.repeat(10_001),
  ])('that is broken, or asks for more than it may, is none: %j', (body) => {
    expect(render(body, { patient: 'Sara' })).toEqual({ kind: 'refused', reason: 'no-template' })
  })

  it('is never taken in another language or for another channel', () => {
    const template = templateOf('Hello', 'en')
    expect(renderTemplate(template, { ...askFor({}), language: 'ar', tag: 'ar' })).toEqual({
      kind: 'refused',
      reason: 'no-template',
    })
    expect(renderTemplate(template, { ...askFor({}), channel: 'sms' })).toEqual({
      kind: 'refused',
      reason: 'no-template',
    })
  })

  it('never reaches into a value', () => {
    for (const path of ['patient.constructor', 'patient.__proto__', 'constructor', 'toString']) {
      expect(render(`{{ ${path} }}`, { patient: 'Sara' }), path).toMatchObject({
        kind: 'refused',
        reason: 'missing-value',
      })
    }
  })

  it('carries any value through unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
        fc.pre(value.trim() !== '')
        expect(render('>{{ value }}<', { value })).toMatchObject({ text: `>${value}<` })
      }),
    )
  })
})

const written: [tag: string, language: Language, zone: string, day: string, time: string][] = [
  ['en', 'en', 'Asia/Dubai', 'Monday, 23 November', '10:30 am'],
  ['en-US', 'en', 'Asia/Dubai', 'Monday, November 23', '10:30 AM'],
  ['en-GB', 'en', 'Asia/Dubai', 'Monday 23 November', '10:30'],
  ['ar', 'ar', 'Asia/Dubai', 'الاثنين، 23 نوفمبر', '10:30 ص'],
  ['ar-AE', 'ar', 'Asia/Dubai', 'الاثنين، 23 نوفمبر', '10:30 ص'],
  // Gregorian there too, in the digits of the region
  ['ar-SA', 'ar', 'Asia/Riyadh', 'الاثنين، ٢٣ نوفمبر', '٩:٣٠ ص'],
  ['ar-u-ca-islamic', 'ar', 'Asia/Dubai', 'الاثنين، 23 نوفمبر', '10:30 ص'],
  ['hi', 'hi', 'Asia/Kolkata', 'सोमवार, 23 नवंबर', 'दोपहर 12:00'],
  ['hi-IN', 'hi', 'Asia/Dubai', 'सोमवार, 23 नवंबर', 'सुबह 10:30'],
  // Hindi in Latin letters is not what the words around it are in
  ['hi-Latn', 'hi', 'Asia/Dubai', 'सोमवार, 23 नवंबर', 'सुबह 10:30'],
  // over midnight in the zone
  ['en', 'en', 'Pacific/Auckland', 'Monday, 23 November', '7:30 pm'],
  ['en', 'en', 'America/Los_Angeles', 'Sunday, 22 November', '10:30 pm'],
  // tags that are another language, or none
  ['fr-FR', 'en', 'Asia/Dubai', 'Monday, 23 November', '10:30 am'],
  ['not a tag', 'en', 'Asia/Dubai', 'Monday, 23 November', '10:30 am'],
]

describe('the day and time of a visit', () => {
  it.each(written)('for %s (%s) in %s are "%s" and "%s"', (tag, language, zone, day, time) => {
    const template = templateOf('{{ start | day }}|{{ start | time }}', language)
    expect(renderTemplate(template, { ...askFor({ start }), language, tag, zone })).toMatchObject({
      text: `${day}|${time}`,
    })
  })

  it('hold no space that would make an SMS dearer', () => {
    for (const tag of ['en', 'en-US', 'en-AU', 'en-CA', 'en-IN']) {
      expect(renderTemplate(templateOf('{{ start | time }}'), { ...askFor({ start }), tag })).toMatchObject({
        text: expect.stringMatching(/^[\x20-\x7e]+$/),
      })
    }
  })
})

function render(body: string, parameters: Record<string, string>) {
  return renderTemplate(templateOf(body), askFor(parameters))
}

function templateOf(body: string, language: Language = 'en', subject?: string): Template {
  return {
    name: 'sample',
    url: 'https://clinic.example/sample',
    version: '1',
    title: 'Sample',
    contents: [{ channel: 'email', language, body, subject }],
    replyOptions: [],
    category: 'reminder',
  }
}

function askFor(parameters: Record<string, string>): TemplateAsk {
  return { channel: 'email', language: 'en', tag: 'en', zone: 'Asia/Dubai', parameters }
}
