/** Chromium as a clinician and a patient have it: one context per language, pages looked at by axe and by eye. */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { provideChromium } from '../../sandbox/provide/chromium.ts'

/** Screenshots of the last run; not committed. */
const screenshots = fileURLToPath(new URL('../../test-results/', import.meta.url))

/** As root in a container; and nothing that speaks to the network by itself. */
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
]

export function borrowBrowser(): (locale: string) => Promise<BrowserContext> {
  let browser: Browser | undefined
  beforeAll(async () => {
    const { path } = await provideChromium({ env: process.env })
    browser = await chromium.launch({ executablePath: path, args })
    await mkdir(screenshots, { recursive: true })
  })
  afterAll(() => browser?.close())
  return async (locale) => {
    if (!browser) throw new Error('The browser is not open.')
    const context = await browser.newContext({ locale, viewport: { width: 1440, height: 900 } })
    context.setDefaultTimeout(15_000)
    onTestFinished(() => context.close())
    return context
  }
}

/** What axe finds serious or worse, as one line each; and a picture. */
export async function look(page: Page, name: string): Promise<string[]> {
  await page.screenshot({ path: `${screenshots}${name}.png` })
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}
