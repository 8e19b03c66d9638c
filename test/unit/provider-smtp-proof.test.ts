/** Who may speak for a mailbox: what the clinic's own mail server found of a mail, and what a mail only says of itself. */
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { type SmtpCredentials, smtp } from '../../src/providers/smtp/smtp.ts'

const given: SmtpCredentials = {
  ...{ host: 'mail.clinic.example', port: '587', webhookSecret: 'webhook-secret-of-a-test' },
  ...{ security: 'starttls', authservId: 'MX.clinic.example' },
}
const people = ['From: Ada <ada@home.example>', 'To: hello@clinic.example']

async function eventIn(headers: string[], credentials: SmtpCredentials = given, others = people) {
  const body = Buffer.from([...headers, ...others, '', 'STOP', ''].join('\r\n'))
  const webhook = { method: 'POST', url: 'https://qasid.example/webhooks/a/mail', headers: {}, body }
  const parsed = await smtp.parse(webhook, instant(Date.UTC(2026, 10, 20)), credentials)
  return parsed.kind === 'events' ? parsed.events[0] : undefined
}

const found = (results: string, server = 'mx.clinic.example') =>
  `Authentication-Results: ${server}; ${results}`
const genuine = found('dmarc=pass (p=none dis=none) header.from=home.example')
const forged = found('dmarc=fail (p=none; dis=none) header.from=home.example')

describe('a mail is from whom it says', () => {
  it.each<[string, string[]]>([
    ['by DMARC', [genuine]],
    [
      'by all of it',
      [found('dkim=fail header.d=list.example; spf=none; dmarc=pass header.from=home.example')],
    ],
    ['over several lines', [genuine.replaceAll('; ', ';\r\n\t').replace(' (', '\r\n    (')]],
    [
      'with a version, in capitals',
      ['AUTHENTICATION-RESULTS: Mx.Clinic.Example 1; DMARC=Pass header.from=HOME.example'],
    ],
    [
      'with a comment before the host',
      ['Authentication-Results: (ours) mx.clinic.example; dmarc=pass header.from=home.example'],
    ],
    [
      'below what another host found',
      [found('dmarc=fail header.from=home.example', 'relay.example'), genuine],
    ],
    ['above what it brought along', [genuine, forged]],
    [
      'by its signature, without a policy',
      [found('dmarc=none header.from=home.example; dkim=pass header.d=home.example')],
    ],
    ['by the signature of one address', [found('dkim=pass header.i=@home.example header.s=q1')]],
    ['by the second signature', [found('dkim=pass header.d=list.example; dkim=pass header.d=home.example')]],
    ['by its server', [found('spf=pass (it may; they say) smtp.mailfrom=ada@home.example')]],
    ['by its server’s domain', [found('spf=pass smtp.mailfrom="home.example"')]],
  ])('%s', async (_what, headers) => {
    const event = await eventIn(headers)
    expect(event).toMatchObject({ kind: 'inbound', from: 'ada@home.example', text: 'STOP' })
    expect(event).not.toHaveProperty('unproven')
  })

  it('by a domain above its own, not by one below it', async () => {
    const from = ['From: ada@mail.home.example', 'To: hello@clinic.example']
    expect(await eventIn([found('dkim=pass header.d=home.example')], given, from)).not.toHaveProperty(
      'unproven',
    )
    for (const signer of ['eve.mail.home.example', 'xmail.home.example', 'example', ''])
      expect(await eventIn([found(`dkim=pass header.d=${signer}`)], given, from)).toHaveProperty('unproven')
  })

  it('without question, where no server of the clinic is believed', async () => {
    const { authservId: _none, ...asking } = given
    expect(await eventIn([forged], asking)).not.toHaveProperty('unproven')
    expect(await eventIn([], asking)).not.toHaveProperty('unproven')
  })
})

describe('a mail is kept, but nothing shows who wrote it', () => {
  it.each<[string, string[]]>([
    ['nothing was found', []],
    ['nothing was looked for', ['Authentication-Results: mx.clinic.example; none']],
    ['nothing at all is said', ['Authentication-Results: mx.clinic.example', 'Authentication-Results:']],
    ['DMARC fails', [forged]],
    [
      'DMARC cannot tell',
      [found('dmarc=temperror header.from=home.example; dkim=pass header.d=home.example')],
    ],
    [
      'DMARC fails, though its signature is right',
      [found('dkim=pass header.d=home.example; dmarc=fail header.from=home.example')],
    ],
    ['DMARC is of another writer', [found('dmarc=pass header.from=evil.example')]],
    ['DMARC names nobody', [found('dmarc=pass')]],
    [
      'DMARC says two things',
      [found('dmarc=fail header.from=home.example; dmarc=pass header.from=home.example')],
    ],
    [
      'only another host found so',
      [found('dmarc=pass header.from=home.example', 'mx.clinic.example.evil.example')],
    ],
    ['what it brought along says so, below', [forged, genuine]],
    [
      'what it brought along says so, below what the server has not looked for',
      [found('spf=none smtp.mailfrom=evil.example'), genuine],
    ],
    ['it says so within a comment', [found('spf=none (; dmarc=pass header.from=home.example)')]],
    [
      'it says so within quotation marks',
      [found('spf=none smtp.mailfrom="; dmarc=pass header.from=home.example; "@evil.example')],
    ],
    [
      'it says so behind an escaped end of a comment',
      [found('spf=none (\\); dmarc=pass header.from=home.example)')],
    ],
    [
      'another domain signed it',
      [found('dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example')],
    ],
    ['a domain signed it that only ends alike', [found('dkim=pass header.d=ome.example')]],
    ['its server only greeted by that name', [found('spf=pass smtp.helo=home.example')]],
    [
      'its signature is broken',
      [found('dkim=fail header.d=home.example; spf=softfail smtp.mailfrom=home.example')],
    ],
    [
      'its signature passed with a hint',
      [found('dkim=passed header.d=home.example; x-dkim=pass header.d=home.example')],
    ],
    ['it has two writers', [genuine, 'From: eve@evil.example']],
  ])('%s', async (_what, headers) => {
    const event = await eventIn(headers)
    expect(event).toMatchObject({ kind: 'inbound', text: 'STOP', unproven: true })
  })

  it('is told in reasonable time, whatever it says', async () => {
    const long = ['a-'.repeat(200_000), `dkim=pass ${'a.b= '.repeat(80_000)}`, '('.repeat(400_000)]
    for (const results of long) expect(await eventIn([found(results)])).toHaveProperty('unproven')
  })
})
