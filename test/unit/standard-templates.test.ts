import { describe, expect, it } from 'vitest'
import { channels } from '../../src/domain/channel.ts'
import { readKeyword } from '../../src/domain/keywords.ts'
import { type Language, languages } from '../../src/domain/language.ts'
import { countSegments } from '../../src/domain/segments.ts'
import { replyWords } from '../../src/domain/standard-templates/wording.ts'
import { standardTemplates } from '../../src/domain/standard-templates.ts'
import { renderTemplate, type Template } from '../../src/domain/template.ts'
import { templateUrl } from '../../src/fhir/codes.ts'

const start = '2026-11-23T06:30:00Z'
interface Sample {
  patient: string
  clinic: string
  practitioner: string
  place: string
}
const samples: Record<Language, Sample> = {
  en: {
    patient: 'Sara Khan',
    clinic: 'Palm Clinic',
    practitioner: 'Dr Layla Haddad',
    place: 'Main Building',
  },
  ar: {
    patient: 'سارة خان',
    clinic: 'عيادة النخيل',
    practitioner: 'د. ليلى حداد',
    place: 'المبنى الرئيسي',
  },
  hi: { patient: 'सारा ख़ान', clinic: 'पाम क्लिनिक', practitioner: 'डॉ. लैला हद्दाद', place: 'मुख्य भवन' },
}
const others = '2026-11-23T08:00:00Z'
const everything = { start, others, phone: '+971 4 555 0100' }
const bare = (language: Language) => {
  const { patient, clinic } = samples[language]
  return { patient, clinic, start, others }
}

const each = standardTemplates.flatMap((template) =>
  template.contents.map(({ language, channel }) => ({ name: template.name, template, language, channel })),
)
/** Whoever can answer us can do so on every channel. */
const channelsOf = (name: string) => (name.endsWith('-one-way') ? ['sms'] : channels)

describe('the standard templates', () => {
  it.each(each)('$name says something whole by $channel in $language', ({ template, language, channel }) => {
    for (const parameters of [{ ...samples[language], ...everything }, bare(language)]) {
      const rendered = renderTemplate(template, {
        channel,
        language,
        tag: language,
        zone: 'Asia/Dubai',
        parameters,
      })
      if (rendered.kind === 'refused') throw new Error(`refused: ${rendered.reason} ${rendered.missing}`)
      const whole = `${rendered.subject ?? ''}\n${rendered.text}`
      expect(whole).not.toMatch(/[{}]|undefined|null| {2}|[,،:]\s*[.।]| [,.،।]/)
      expect(rendered.text).toContain(parameters.clinic)
      if ('place' in parameters && template.category === 'reminder')
        expect(rendered.text).toContain(parameters.place)
      expect(rendered.subject !== undefined).toBe(channel === 'email')
    }
  })

  it.each(each.filter(({ channel }) => channel === 'sms'))('$name fits two SMS in $language', ({
    template,
    language,
  }) => {
    expect(countSegments(textOf(template, language)).segments).toBeLessThanOrEqual(2)
    if (language === 'en') expect(countSegments(textOf(template, language)).encoding).toBe('GSM-7')
  })

  it('take names in any script', () => {
    for (const { template, language, channel } of each) {
      for (const { patient } of Object.values(samples)) {
        const parameters = { ...samples[language], ...everything, patient }
        expect(
          renderTemplate(template, { channel, language, tag: language, zone: 'Asia/Kolkata', parameters })
            .kind,
        ).toBe('rendered')
      }
    }
  })

  it('have one URL, version and text for each channel and language', () => {
    for (const template of standardTemplates) {
      expect(template).toMatchObject({ url: templateUrl(template.name), version: '1' })
      const wanted = channelsOf(template.name).length * languages.length
      expect(new Set(template.contents.map((one) => one.channel + one.language)).size).toBe(wanted)
      expect(template.contents).toHaveLength(wanted)
    }
    expect(new Set(standardTemplates.map((template) => template.name)).size).toBe(standardTemplates.length)
  })

  it('ask a question only in the reminder, and in no automatic answer', () => {
    const asking = standardTemplates.filter((template) => template.replyOptions.length > 0)
    expect(asking.map((template) => template.name)).toEqual(['visit-reminder', 'visit-reminder-several'])
    for (const { replyOptions } of asking) expect(replyOptions).toEqual(['confirm', 'cancel'])
  })

  it('begin every Arabic line with an Arabic letter, so that it is set from right to left', () => {
    for (const { template, channel } of each.filter((one) => one.language === 'ar')) {
      const latin = { ...samples.en, ...everything }
      const rendered = renderTemplate(template, {
        channel,
        language: 'ar',
        tag: 'ar',
        zone: 'Asia/Dubai',
        parameters: latin,
      })
      if (rendered.kind === 'refused') throw new Error('refused')
      const lines = rendered.text.split('\n').filter((line) => line !== '' && line !== latin.clinic)
      for (const line of lines) expect(/\p{L}/u.exec(line)?.[0], line).toMatch(/\p{Script=Arabic}/u)
    }
  })
})

describe('the words that the texts advertise', () => {
  it.each(languages)('are read as what they promise (%s)', (language) => {
    const words = replyWords[language]
    for (const policy of [{ cancelWord: 'visit' }, { cancelWord: 'stop' }] as const) {
      expect(readKeyword(words.confirm, ['confirm', 'cancel'], policy)).toBe('confirm')
      expect(readKeyword(words.cancel, ['confirm', 'cancel'], policy)).toBe('cancel')
      expect(readKeyword(words.stop, ['confirm', 'cancel'], policy)).toBe('stop')
      expect(readKeyword(words.stop, [], policy)).toBe('stop')
      expect(readKeyword(words.start, [], policy)).toBe('start')
    }
  })

  it.each(each)('stand in $name by $channel in $language', ({ name, template, language, channel }) => {
    const text = textOf(template, language, channel)
    const { confirm, cancel, stop, start: again } = replyWords[language]
    const advertised = {
      'visit-reminder': [confirm, cancel, stop],
      'visit-reminder-confirmed': [stop],
      'reply-stop': [again],
      'reply-start': [stop],
      'reply-help': [stop],
    }[name]
    for (const word of advertised ?? []) expect(wordsOf(text)).toContain(word)
    if (template.replyOptions.length === 0) expect(wordsOf(text)).not.toContain(cancel)
    if (name.endsWith('-one-way')) expect(wordsOf(text)).not.toContain(stop)
  })

  it.each(languages)('never say "cancelled" before the EMR does (%s)', (language) => {
    const staff = standardTemplates.find((template) => template.name === 'reply-cancel-staff')
    if (!staff) throw new Error('no template')
    for (const channel of channels) {
      expect(textOf(staff, language, channel)).not.toMatch(/cancel|إلغاء|ألغي|रद्द/i)
    }
  })
})

function textOf(template: Template, language: Language, channel: (typeof channels)[number] = 'sms'): string {
  const parameters = { ...samples[language], ...everything }
  const rendered = renderTemplate(template, {
    channel,
    language,
    tag: language,
    zone: 'Asia/Dubai',
    parameters,
  })
  return rendered.kind === 'rendered' ? rendered.text : ''
}

function wordsOf(text: string): string[] {
  return text.split(/[\s.,:،।]+/)
}
