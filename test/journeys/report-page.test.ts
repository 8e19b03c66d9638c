/** An admin learns from the app what the EMR can do: the way there and back, with the keyboard too, in three languages, wide and narrow. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { InstallReport } from '../../src/contract/report.ts'
import { sampleReport } from '../report-sample.ts'
import { borrowBrowser, look } from './open-browser.ts'
import { borrowDemo } from './open-demo.ts'
import { until } from './until.ts'

const demo = borrowDemo()
const open = borrowBrowser()
const run = promisify(execFile)

/** The demo's install was examined when it was made: as one that was written by hand, it has no report. */
async function forgetReports(): Promise<void> {
  const shell = /\. (\S+demo\.env)/.exec(demo().said())?.[1] ?? ''
  await run('bash', ['-c', `. '${shell}' && rm "$QASID_DATA"/reports/*.json`])
}

async function openChart(locale: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const patient = await demo().stranger.admit()
  const page = await (await open(locale)).newPage()
  await page.emulateMedia({ colorScheme })
  await page.goto(`${demo().urls.emr}/${patient.reference.replace('Patient/', 'patients/')}/launch`)
  await page.getByTestId('thread').waitFor()
  return page
}

const goesTo = (page: Page, hash: string) =>
  until(`the address ends with ${hash || 'nothing'}`, async () => new URL(page.url()).hash === hash)

describe('The report on the EMR', () => {
  it('is not there before the EMR was examined, and the app says what to do', async () => {
    await forgetReports()
    const page = await openChart('en-GB')
    expect(await look(page, 'report-link')).toEqual([])
    await page.getByTestId('about-link').click()
    const about = page.getByTestId('about')
    await about.getByText('was not examined yet').waitFor()
    await about.getByText('qasid doctor').waitFor()
    expect(await look(page, 'report-never')).toEqual([])
  })

  it('is reached and left with the keyboard, and what was being written stays', async () => {
    await demo().qasid('doctor')
    const page = await openChart('en-GB')
    await page.getByTestId('composer-text').fill('See you on Monday')
    await page.getByTestId('about-link').focus()
    await page.keyboard.press('Enter')
    await page.locator('h1:focus').filter({ hasText: 'What this EMR can do' }).waitFor()
    await goesTo(page, '#about')
    await page.getByTestId('verdict').filter({ hasText: 'works' }).waitFor()
    for (const [part, words] of [
      ['people', 'Names, numbers and languages come from the EMR’s charts.'],
      ['records', 'Everything said is in the EMR’s chart.'],
      ['changes', 'Subscription'],
      ['safety', 'nothing is written twice'],
      ['channels', 'Messages go by WhatsApp, SMS and e-mail.'],
      ['now', 'Messages are being sent'],
      ['senders', 'Well'],
      ['servers', `${demo().urls.emr}/fhir`],
    ] as const)
      await page.getByTestId(`report-${part}`).filter({ hasText: words }).waitFor()
    expect(await look(page, 'report-en')).toEqual([])
    // Past the choice of language.
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Shift+Tab')
    await page.locator('a:focus').filter({ hasText: 'Back to the conversation' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByTestId('thread').waitFor()
    await page.locator('[data-testid="about-link"]:focus').waitFor()
    expect(await page.getByTestId('composer-text').inputValue()).toBe('See you on Monday')
  })

  it('is a place in the address: it is there after a reload, and the browser goes back from it', async () => {
    const page = await openChart('en-GB')
    await page.getByTestId('about-link').click()
    await page.getByTestId('verdict').waitFor()
    await page.reload()
    await page.getByTestId('verdict').waitFor()
    await page.goBack()
    await page.getByTestId('thread').waitFor()
    expect(await page.getByTestId('about').count()).toBe(0)
  })

  it('is copied as JSON, and names no patient', async () => {
    const page = await openChart('en-GB')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByTestId('about-link').click()
    await page.getByTestId('copy-report').click()
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(JSON.parse(copied)).toMatchObject({ report: { install: 'sample-clinic' }, now: { senders: {} } })
    expect(copied).not.toMatch(/Patient\/|Journey|\+971/)
  })

  it.each([
    { locale: 'ar-AE', direction: 'rtl', scheme: 'dark', width: 900, title: 'ما يستطيعه هذا النظام الطبي' },
    { locale: 'hi-IN', direction: 'ltr', scheme: 'light', width: 390, title: 'यह मेडिकल रिकॉर्ड सिस्टम' },
    { locale: 'en-GB', direction: 'ltr', scheme: 'light', width: 1440, title: 'What this EMR can do' },
  ] as const)('says what is missing and what to do, in $locale at $width', async (seen) => {
    const page = await openChart(seen.locale, seen.scheme)
    await page.route('**/api/report', (route) => route.fulfill({ json: troubled }))
    await page.evaluate(() => location.assign('#about'))
    await page.setViewportSize({ width: seen.width, height: 900 })
    await page.locator('h1').filter({ hasText: seen.title }).waitFor()
    expect(await page.locator('html').getAttribute('dir')).toBe(seen.direction)
    await page.getByTestId('report-records').locator('li[data-way="missing"]').first().waitFor()
    const fits = () => document.documentElement.scrollWidth <= innerWidth
    expect(await page.evaluate(fits)).toBe(true)
    expect(await look(page, `report-${seen.locale}`)).toEqual([])
    await page.getByTestId('copy-report').scrollIntoViewIfNeeded()
    expect(await look(page, `report-end-${seen.locale}`)).toEqual([])
  })

  it('says when it cannot be read, and reads it at the next try', async () => {
    const page = await openChart('en-GB')
    await page.route('**/api/report', (route) => route.fulfill({ status: 503, json: { error: 'Away.' } }))
    await page.getByTestId('about-link').click()
    await page.getByRole('alert').filter({ hasText: 'could not be read' }).waitFor()
    expect(await look(page, 'report-unread')).toEqual([])
    await page.unroute('**/api/report')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByTestId('verdict').waitFor()
  })
})

const troubled: InstallReport = {
  report: { ...sampleReport, against: ['The store does not take references to the EMR’s patients.'] },
  now: {
    changes: { rung: 'window', because: ['no-subscriptions', 'no-last-updated'] },
    parts: [
      { part: 'store', ok: true },
      { part: 'worker', ok: false },
      { part: 'subscription', ok: true },
      { part: 'redis', ok: true },
    ],
    senders: [
      { id: 'whatsapp', channel: 'whatsapp', health: 1 },
      { id: 'sms', channel: 'sms', health: 0.31 },
      { id: 'email', channel: 'email', health: 0, paused: 'unauthorized' },
    ],
  },
}
