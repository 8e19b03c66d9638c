/** A clinician at the EMR and a patient with a phone talk to each other, in a real browser, in English and in Arabic. */
import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { borrowBrowser, look } from './open-browser.ts'
import { borrowDemo } from './open-demo.ts'
import type { NewPatient } from './stranger.ts'
import { until } from './until.ts'

const demo = borrowDemo()
const open = borrowBrowser()

interface Case {
  name: string
  locale: string
  direction: 'ltr' | 'rtl'
  patient: { language: string; given: string }
  answer: string
  reminder: RegExp
  thanks: RegExp
  unsaid: RegExp
  question: string
  reply: string
}

const cases: Case[] = [
  {
    name: 'English',
    locale: 'en-GB',
    direction: 'ltr',
    patient: { language: 'en', given: 'Robin' },
    answer: '1',
    reminder: /Hello Robin, a reminder of your visit/,
    thanks: /We have noted that you are coming/,
    unsaid: /no consent/i,
    question: 'May I eat before the visit?',
    reply: 'Yes, but "nothing heavy" & no coffee – see you at 10:00 😊',
  },
  {
    name: 'Arabic',
    locale: 'ar-AE',
    direction: 'rtl',
    patient: { language: 'ar', given: 'ليلى' },
    answer: 'نعم',
    reminder: /مرحبا ليلى، نذكركم بموعدكم/,
    thanks: /سجلنا أنكم ستحضرون/,
    unsaid: /موافقة/,
    question: 'هل أستطيع أن آكل قبل الموعد؟',
    reply: 'نعم، ولكن شيئا خفيفا (100 غرام) قبل الساعة 9:30.',
  },
]

describe('The conversation', () => {
  it.each(cases)('is one and live, from the booking to the clinician’s reply, in $name', async (spoken) => {
    const patient = await demo().stranger.admit({ ...spoken.patient, agrees: false })
    // A visit from before the patient agreed: its reminder stays unsaid.
    await demo().stranger.book(patient, { inHours: 40 })
    await demo().settled()
    await demo().stranger.agree(patient)
    const context = await open(spoken.locale)

    const chart = await bookInChart(context, patient, spoken)
    const phone = await answerOnPhone(context, patient, spoken)
    await expectText(chart, '[data-live="visits"]', /Confirmed/)
    const app = await launchMessages(chart, spoken)
    await talk(app, phone, patient, spoken)
    await expectPanels(app, spoken)
    expect(await look(app, `app-${spoken.patient.language}`)).toEqual([])
    expect(await look(phone, `phone-${spoken.patient.language}`)).toEqual([])
  })

  it('is mirrored when the clinician chooses Arabic, and back', async () => {
    const { stranger, phones } = demo()
    const patient = await stranger.admit()
    await stranger.book(patient)
    await until('the reminder is on the phone', async () => (await phones.inbox(patient.phone)).length > 0)
    const context = await open('en-GB')
    const app = await context.newPage()
    await app.goto(`${demo().urls.emr}/${chartPath(patient)}/launch`)
    await bubbles(app, 'out').first().waitFor()
    const html = app.locator('html')
    for (const [language, direction] of [
      ['ar', 'rtl'],
      ['hi', 'ltr'],
      ['en', 'ltr'],
    ] as const) {
      await app.getByTestId('language').selectOption(language)
      await until(
        `the page is ${direction}`,
        async () =>
          (await html.getAttribute('dir')) === direction && (await html.getAttribute('lang')) === language,
      )
      expect(await look(app, `app-chosen-${language}`)).toEqual([])
    }
  })
})

async function bookInChart(context: BrowserContext, patient: NewPatient, { patient: { language } }: Case) {
  const chart = await context.newPage()
  await chart.goto(demo().urls.emr)
  expect(await look(chart, `schedule-${language}`)).toEqual([])
  await chart.goto(`${demo().urls.emr}/${chartPath(patient)}`)
  await chart.getByTestId('book-visit').click()
  await expectText(chart, '[role="status"]', /The visit is booked/)
  expect(await look(chart, `chart-${language}`)).toEqual([])
  return chart
}

/** The reminder is read and answered; the thanks come without reloading. */
async function answerOnPhone(context: BrowserContext, patient: NewPatient, spoken: Case): Promise<Page> {
  const phone = await context.newPage()
  await phone.goto(`${demo().urls.phones}/phones/${encodeURIComponent(patient.phone)}`)
  const bubble = phone.getByTestId('bubble')
  await bubble.filter({ hasText: spoken.reminder }).waitFor()
  await write(phone, spoken.answer)
  await bubble.filter({ hasText: spoken.thanks }).waitFor()
  return phone
}

async function launchMessages(chart: Page, spoken: Case): Promise<Page> {
  await chart.getByTestId('launch-messages').click()
  await bubbles(chart, 'in').filter({ hasText: spoken.answer }).waitFor()
  await bubbles(chart, 'out').filter({ hasText: spoken.reminder }).waitFor()
  await bubbles(chart, 'out').filter({ hasText: spoken.thanks }).waitFor()
  expect(await chart.locator('html').getAttribute('dir')).toBe(spoken.direction)
  expect(await chart.getByTestId('patient-name').innerText()).toContain(spoken.patient.given)
  expect(new URL(chart.url()).search).not.toMatch(/code|state|launch/)
  return chart
}

async function talk(app: Page, phone: Page, patient: NewPatient, { question, reply }: Case): Promise<void> {
  let loads = 0
  app.on('load', () => {
    loads += 1
  })
  await write(phone, question)
  await bubbles(app, 'in').filter({ hasText: question }).waitFor()
  await app.getByTestId('composer-text').fill(reply)
  await app.getByTestId('composer-text').press('Enter')
  await phone.getByTestId('bubble').filter({ hasText: reply }).waitFor()
  await bubbles(app, 'out').filter({ hasText: reply }).and(app.locator('[data-state="read"]')).waitFor()
  expect(loads).toBe(0)
  expect(await app.getByTestId('composer-text').inputValue()).toBe('')
  const inbox = await demo().phones.inbox(patient.phone)
  expect(inbox.map(({ text }) => text).filter((text) => text === reply)).toHaveLength(1)
}

async function expectPanels(app: Page, { unsaid }: Case): Promise<void> {
  // The 2 h reminders of both visits; the one that came too early to be allowed.
  await until('two are planned', async () => (await app.getByTestId('planned').locator('li').count()) === 2)
  await app.getByTestId('not-sent').filter({ hasText: unsaid }).waitFor()
}

function bubbles(page: Page, direction: 'in' | 'out') {
  return page.getByTestId('thread').locator(`[data-testid="bubble"][data-direction="${direction}"]`)
}

async function write(phone: Page, text: string): Promise<void> {
  await phone.getByTestId('reply-text').fill(text)
  await phone.getByTestId('reply-send').click()
}

async function expectText(page: Page, selector: string, text: RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).waitFor()
}

function chartPath({ reference }: NewPatient): string {
  return reference.replace('Patient/', 'patients/')
}
