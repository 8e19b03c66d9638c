/** `npm run picture`, with the demo running: the README's picture, a conversation in the chart beside the patient's phone. */
import { writeFile } from 'node:fs/promises'
import { type Browser, chromium } from 'playwright-core'
import { provideChromium } from '../provide/chromium.ts'

const emr = 'http://localhost:8081'
const phones = 'http://localhost:8082'
const patient = 'patient-018'
const picture = new URL('../../docs/images/conversation-and-phone.png', import.meta.url)
const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']

const { path } = await provideChromium({ env: process.env })
const browser = await chromium.launch({ executablePath: path, args: flags })
try {
  const number = await mobileOf(patient)
  await bookTomorrow(browser)
  await reply(number, await until(() => latestChannel(number)), '1')
  await until(async () => ((await latestText(number))?.startsWith('Thank you') ? true : undefined))
  await reply(number, await until(() => latestChannel(number)), 'Can my daughter come with me?')
  const conversation = await shootConversation(browser)
  const phone = await shootPhone(browser, number)
  await writeFile(picture, await sideBySide(browser, conversation, phone))
  console.log('docs/images/conversation-and-phone.png is new.')
} finally {
  await browser.close()
}

async function mobileOf(id: string): Promise<string> {
  const answer = await fetch(`${emr}/fhir/Patient/${id}`, {
    headers: { authorization: 'Bearer sandbox-admin' },
  })
  const { telecom } = (await answer.json()) as { telecom: { system: string; value: string }[] }
  return telecom.find((one) => one.system === 'phone')?.value ?? ''
}

async function bookTomorrow(browser: Browser): Promise<void> {
  const page = await browser.newPage()
  await page.goto(`${emr}/patients/${patient}`)
  await page.fill('[name=date]', new Date(Date.now() + 86_400_000).toISOString().slice(0, 10))
  await page.fill('[name=time]', '10:30')
  await page.click('[data-testid=book-visit]')
  await page.close()
}

async function latest(number: string): Promise<{ channel: string; text: string } | undefined> {
  const answer = await fetch(`${phones}/api/phones/${encodeURIComponent(number)}/messages`)
  const messages = (await answer.json()) as { channel: string; text: string }[]
  return messages.at(-1)
}

async function latestChannel(number: string): Promise<string | undefined> {
  return (await latest(number))?.channel
}

async function latestText(number: string): Promise<string | undefined> {
  return (await latest(number))?.text
}

async function reply(number: string, channel: string, text: string): Promise<void> {
  await fetch(`${phones}/api/phones/${encodeURIComponent(number)}/replies`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ channel, text }),
  })
}

async function shootConversation(browser: Browser): Promise<string> {
  const page = await browser.newPage({ viewport: { width: 1180, height: 820 } })
  await page.goto(`${emr}/patients/${patient}`)
  await page.click('[data-testid=launch-messages]')
  await page.getByText('Can my daughter come').first().waitFor()
  await page.fill('[data-testid=composer-text]', 'Of course, she is welcome. See you tomorrow.')
  await page.keyboard.press('Enter')
  await page
    .locator('[data-testid=bubble][data-state=delivered], [data-testid=bubble][data-state=read]')
    .last()
    .waitFor()
  await page.waitForFunction(
    () => !document.querySelector('[data-state=queued], [data-state=saving], [data-state=waiting]'),
  )
  return (await page.screenshot({ animations: 'disabled' })).toString('base64')
}

async function shootPhone(browser: Browser, number: string): Promise<string> {
  const page = await browser.newPage({ viewport: { width: 460, height: 820 } })
  await page.goto(`${phones}/phones/${encodeURIComponent(number)}`)
  await page.getByText('See you tomorrow').first().waitFor()
  return (await page.screenshot({ animations: 'disabled' })).toString('base64')
}

async function sideBySide(browser: Browser, ...pictures: string[]): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1700, height: 860 } })
  const images = pictures.map((one) => `<img src="data:image/png;base64,${one}" height="820">`).join('')
  await page.setContent(`<body style="margin:20px;display:flex;gap:20px;background:#dfe5e4">${images}</body>`)
  return page.screenshot()
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
    const found = await ask()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('The demo does not answer: start it with npm run demo.')
}
