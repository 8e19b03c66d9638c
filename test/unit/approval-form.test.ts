import { describe, expect, it } from 'vitest'
import type { TemplateApproval } from '../../src/domain/approval.ts'
import { approvalForms, toSubmission, usableForm } from '../../src/domain/approval-form.ts'
import { standardTemplates } from '../../src/domain/standard-templates.ts'
import { renderTemplate, type Template, type TemplateAsk } from '../../src/domain/template.ts'
import { now } from '../people.ts'

const reminder = standardTemplates.find(({ name }) => name === 'visit-reminder') as Template
const parameters = { patient: 'Sara', clinic: 'Palm Clinic', start: '2026-11-23T06:30:00Z' }
const ask: TemplateAsk = { channel: 'whatsapp', language: 'en', tag: 'en', zone: 'Asia/Dubai', parameters }
const whole = { ...parameters, place: 'Room 2', practitioner: 'Dr Noor Haddad' }

/** As the company puts the values into the wording that it approved. */
function fill(body: string, values: string[]): string {
  return body.replace(/\{\{(\d+)\}\}/g, (_, one) => values[Number(one) - 1] ?? '')
}

describe('the forms of a wording that a company approves', () => {
  const forms = approvalForms(reminder)

  it('are two for each language: with everything, and without what is optional', () => {
    expect(forms.map(({ name, language }) => `${name} ${language}`).sort()).toEqual(
      ['ar', 'en', 'hi']
        .flatMap((language) => [
          `visit_reminder_${reminder.version}_brief ${language}`,
          `visit_reminder_${reminder.version}_full ${language}`,
        ])
        .map((one) => one.replaceAll('.', '_'))
        .sort(),
    )
  })

  it.each(
    forms.map((form) => [`${form.name} ${form.language}`, form] as const),
  )('%s says nothing of our own language', (_, form) => {
    expect(form.body).not.toMatch(/\{%|\|/)
    const numbers = [...form.body.matchAll(/\{\{(\d+)\}\}/g)].map(([, one]) => Number(one))
    expect([...new Set(numbers)]).toEqual(form.expressions.map((_, index) => index + 1))
    // Companies refuse a wording that begins or ends with a value.
    expect(form.body).not.toMatch(/^\{\{|\}\}$/)
    expect(toSubmission(form).samples.every((sample) => sample.length > 1 && !sample.includes('|'))).toBe(
      true,
    )
  })

  it('are not made of answers, which go out while the window is open', () => {
    const answers = standardTemplates.filter(({ category }) => category !== 'reminder')
    expect(answers.flatMap(approvalForms)).toEqual([])
  })
})

describe('an approved form', () => {
  const approvals = (status: TemplateApproval['status'], only?: string): TemplateApproval[] =>
    approvalForms(reminder)
      .filter(({ name }) => !only || name.endsWith(only))
      .map(({ name, language }) => ({ sender: 'wa', name, language, id: `HX-${name}`, status, at: now }))
  const use = (given: TemplateApproval[], known: Record<string, string>, sender = 'wa') =>
    usableForm({ ...reminder, approvals: given }, sender, { ...ask, parameters: known })

  it.each<[string, Record<string, string>]>([
    ['with everything', whole],
    ['without what is optional', parameters],
  ])('says the same as our own wording, %s', (_, known) => {
    const used = use(approvals('approved'), known)
    const form = approvalForms(reminder).find(
      ({ name, language }) => name === used?.approval.name && language === 'en',
    )
    const own = renderTemplate(reminder, { ...ask, parameters: known })
    expect(own.kind === 'rendered' && own.text).toBe(fill(form?.body ?? '', used?.values ?? []))
  })

  it('is the brief one where the full one is not approved, or lacks a value', () => {
    expect(use(approvals('approved', 'brief'), whole)?.approval.name).toMatch(/brief$/)
    expect(use(approvals('approved'), { ...whole, place: ' ' })?.approval.name).toMatch(/brief$/)
  })

  it('is none while it is not approved, for another sender, or without a value that it needs', () => {
    expect(use([], whole)).toBeUndefined()
    for (const status of ['pending', 'rejected', 'paused', 'disabled'] as const)
      expect(use(approvals(status), whole)).toBeUndefined()
    expect(use(approvals('approved'), whole, 'other')).toBeUndefined()
    expect(use(approvals('approved'), { ...whole, patient: '' })).toBeUndefined()
  })

  it('has values on one line', () => {
    const used = use(approvals('approved'), { ...whole, place: 'Room 2\nSecond floor' })
    expect(used?.values.join('')).not.toMatch(/\n/)
    expect(used?.values).toContain('Room 2 Second floor')
  })
})
