/** The ways into the app, and out of it: by a link, with what the EMR says beside, with less than was asked for, and past its session's end. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { borrowBrowser, look } from './open-browser.ts'
import { borrowDemo } from './open-demo.ts'
import type { NewPatient } from './stranger.ts'

const demo = borrowDemo()
const open = borrowBrowser()

const idOf = ({ reference }: NewPatient) => reference.replace('Patient/', '')

async function fromChart(page: Page, patient: NewPatient): Promise<void> {
  await page.goto(`${demo().urls.emr}/patients/${idOf(patient)}/launch`)
  await page.getByTestId('thread').waitFor()
}

/** The EMR's own words at the end of a launch, with these changed. */
async function tokenSays(page: Page, change: (said: Record<string, unknown>) => object): Promise<void> {
  await page.route(`${demo().urls.emr}/oauth/token`, async (route) => {
    const response = await route.fetch()
    const said = (await response.json()) as Record<string, unknown>
    await route.fulfill({ response, json: { ...said, ...change(said) } })
  })
}

describe('The app', () => {
  it.each([
    '',
    '?iss=',
  ])('opens by a link (/launch%s): the EMR asks who is there, and whose chart', async (query) => {
    const patient = await demo().stranger.admit({ given: 'Noor' })
    const page = await (await open('en-GB')).newPage()
    const iss = query && `${query}${encodeURIComponent(demo().stranger.fhirUrl)}`
    await page.goto(`${demo().urls.qasid}/launch${iss}`)
    await page.locator('select[name="patient"]').selectOption(idOf(patient))
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByTestId('patient-name').filter({ hasText: 'Noor' }).waitFor()
    expect(new URL(page.url()).search).not.toMatch(/code|state|launch|nonce/)
  })

  it('puts the cursor into the composer and marks the visit, where the EMR says so', async () => {
    const patient = await demo().stranger.admit()
    const visits = await Promise.all([30, 60].map((inHours) => demo().stranger.book(patient, { inHours })))
    const page = await (await open('en-GB')).newPage()
    const fhirContext = [{ reference: `Appointment/${visits[1]?.id}` }]
    await tokenSays(page, () => ({ intent: 'compose', fhirContext }))
    await fromChart(page, patient)
    const marked = page.getByTestId('visits').locator('li[aria-current="true"]')
    await marked.filter({ hasText: 'Opened from this visit' }).waitFor()
    expect(await marked.count()).toBe(1)
    await page.locator('[data-testid="composer-text"]:focus').waitFor()
    expect(await look(page, 'launch-compose')).toEqual([])
  })

  it('says that there is no inbox yet', async () => {
    const patient = await demo().stranger.admit()
    const page = await (await open('en-GB')).newPage()
    await tokenSays(page, () => ({ intent: 'inbox' }))
    await fromChart(page, patient)
    await page.getByRole('note').filter({ hasText: 'not here yet' }).waitFor()
  })

  it('shows less, and says so, where the EMR grants less', async () => {
    const patient = await demo().stranger.admit()
    const page = await (await open('en-GB')).newPage()
    const refused: number[] = []
    page.on('response', (response) => response.status() === 403 && refused.push(403))
    await tokenSays(page, ({ scope }) => ({
      scope: String(scope)
        .split(' ')
        .filter((one) => !/Consent|Appointment/.test(one))
        .join(' '),
    }))
    await fromChart(page, patient)
    for (const part of ['visits', 'consent'])
      await page.getByTestId(part).filter({ hasText: 'does not let Messages read this' }).waitFor()
    await page.getByText('nothing can be written here').waitFor()
    expect(await page.getByTestId('composer-text').count()).toBe(0)
    expect(refused).toEqual([])
    expect(await look(page, 'launch-less')).toEqual([])
  })

  it('says when the EMR’s session has ended, asks no more, and has the draft again after the next launch', async () => {
    const patient = await demo().stranger.admit()
    const page = await (await open('en-GB')).newPage()
    await fromChart(page, patient)
    const text = page.getByTestId('composer-text')
    await page.getByTestId('composer-send').and(page.locator('[data-disabled]')).waitFor()
    await text.fill('See you on Monday')
    let asked = 0
    const fhir = `${demo().stranger.fhirUrl}/**`
    await page.route(fhir, (route) => {
      asked += 1
      return route.fulfill({ status: 401, headers: { 'access-control-allow-origin': '*' } })
    })
    await page.getByTestId('composer-send').click()
    await page
      .getByRole('alert')
      .filter({ hasText: 'session in the medical record system has ended' })
      .waitFor()
    await page.getByRole('alert').filter({ hasText: 'What you wrote is kept' }).waitFor()
    const until401 = asked
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await page.getByText('could not be saved').first().waitFor()
    expect(asked).toBe(until401)
    await page.unroute(fhir)
    await fromChart(page, patient)
    await page.getByTestId('bubble').filter({ hasText: 'See you on Monday' }).waitFor()
  })

  it('stands in the EMR’s own frame, and in nobody else’s', async () => {
    const { urls } = demo()
    const patient = await demo().stranger.admit()
    const page = await (await open('en-GB')).newPage()
    const launch = `${urls.emr}/patients/${idOf(patient)}/launch`
    const framed = `<!doctype html><title>A frame</title><iframe src="${launch}" width="900" height="700"></iframe>`
    await page.goto(urls.emr)
    // The page's own origin stays what it was.
    await page.setContent(framed)
    await page.frameLocator('iframe').getByTestId('thread').waitFor()

    const thief = createServer((_request, response) => response.end(framed)).listen(0)
    onTestFinished(() => void thief.close())
    const refused = page.waitForEvent('requestfailed', (request) => request.url().includes('/launch?iss='))
    await page.goto(`http://localhost:${(thief.address() as AddressInfo).port}`)
    expect((await refused).failure()?.errorText).toBe('net::ERR_BLOCKED_BY_RESPONSE')
  })
})
