import { describe, expect, it } from 'vitest'
import { standardTemplates } from '../../src/domain/standard-templates.ts'
import type { Template } from '../../src/domain/template.ts'
import { parametersOf } from '../../src/domain/template-parameters.ts'

const template = (...bodies: string[]): Template => ({
  ...{ name: 'x', url: 'https://x', version: '1', title: 'X', replyOptions: [], category: 'conversation' },
  contents: bodies.map((body) => ({ channel: 'sms', language: 'en', body })),
})

describe('what a template wants to be told', () => {
  it('is, for the reminders, the start of the visit and whatever of the rest is known', () => {
    const reminder = standardTemplates.find(({ name }) => name === 'visit-reminder')
    if (!reminder) throw new Error('there is none')
    const { required, optional } = parametersOf(reminder)
    expect(required).toEqual(['start'])
    expect(optional.toSorted()).toEqual(['place', 'practitioner', 'zone'])
  })

  it.each([
    ['nothing', ['Hello {{ patient }} from {{ clinic }}'], [], []],
    ['what it may go without', ['{% if day %}On {{ day }}{% endif %}'], [], ['day']],
    ['what has a default', ['{{ ward | default: "A" }}'], [], ['ward']],
    ['what one wording needs', ['{% if day %}{{ day }}{% endif %}', '{{ day }}'], ['day'], []],
    ['nothing where it cannot be read', ['{% if'], [], []],
  ])('%s', (_what, bodies, required, optional) => {
    expect(parametersOf(template(...bodies))).toEqual({ required, optional })
  })
})
