/** A clinician books a visit in the EMR, and reads on the same page whether its reminder will arrive. */
import { describe, expect, it } from 'vitest'
import { borrowBrowser, look } from './open-browser.ts'
import { borrowDemo } from './open-demo.ts'

const demo = borrowDemo()
const openBrowser = borrowBrowser()

describe('A clinician at the EMR', () => {
  it('reads, before booking, that a patient without a permit will not be reminded, and opens Messages', async () => {
    const page = await (await openBrowser('en')).newPage()
    const patient = await demo().stranger.admit({ agrees: false })
    await page.goto(`${demo().urls.emr}/patients/${patient.reference.split('/')[1]}`)
    const card = page.getByRole('region', { name: 'Book a visit' }).getByTestId('cds-card')
    await card.waitFor()
    expect(await card.innerText()).toContain('No reminder will reach this patient.')
    expect(await look(page, 'cds-card-booking')).toEqual([])
    await card.getByRole('link', { name: 'Open Messages' }).click()
    await page.waitForURL(/\/app/)
  })
})
