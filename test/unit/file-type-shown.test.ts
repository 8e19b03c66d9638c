import { describe, expect, it } from 'vitest'
import { shownAs } from '../../smart-app/src/files/shown-as.ts'

describe('a file on the clinician’s screen', () => {
  const page = new Blob(['<script>alert(1)</script>'], { type: 'text/html' })

  it.each([
    ['application/pdf', 'application/pdf'],
    ['image/jpeg', 'image/jpeg'],
    ['image/svg+xml', 'application/octet-stream'],
    ['text/html', 'application/octet-stream'],
    ['audio/ogg', 'application/octet-stream'],
    [undefined, 'application/octet-stream'],
  ])('whose card says %s is opened as %s, whatever the server calls it', async (contentType, type) => {
    const shown = shownAs(page, contentType)
    expect(shown.type).toBe(type)
    expect(await shown.text()).toBe(await page.text())
  })
})
