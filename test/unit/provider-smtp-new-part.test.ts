/** What is new in an answer, as mail programs of several kinds and languages write it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { htmlToText } from '../../src/providers/smtp/html-text.ts'
import { newPart } from '../../src/providers/smtp/new-part.ts'

const quoted = '> Will you come to your visit?\n> 1 = yes, 2 = no'

describe('the new part', () => {
  it.each<[string, string, string]>([
    [
      'Gmail',
      `1\n\nOn Fri, Nov 20, 2026 at 10:00 AM The clinic <hello@clinic.example>\nwrote:\n\n${quoted}\n`,
      '1',
    ],
    [
      'Gmail without an empty line',
      `1\nOn Fri, Nov 20, 2026 at 10:00 AM Clinic <hello@clinic.example> wrote:\n${quoted}`,
      '1',
    ],
    [
      'Gmail in Arabic',
      `١\n\nفي الجمعة، 20 نوفمبر 2026 في 10:00 ص تمت كتابة ما يلي بواسطة العيادة <\u200fhello@clinic.example\u200f>:\n\n${quoted}`,
      '١',
    ],
    [
      'Gmail in Arabic with its digits',
      `نعم\n\nفي ٢٠ نوفمبر ٢٠٢٦، كتب العيادة ‏<hello@clinic.example>:\u200f\n${quoted}`,
      'نعم',
    ],
    [
      'Gmail in Hindi',
      `हाँ\n\nशुक्र, 20 नव॰ 2026 को 10:00 am बजे को Clinic <hello@clinic.example> ने लिखा:\n\n${quoted}`,
      'हाँ',
    ],
    [
      'Apple Mail',
      `Yes, gladly.\n\n> On 20 Nov 2026, at 10:00, Clinic <hello@clinic.example> wrote:\n> \n${quoted}\n`,
      'Yes, gladly.',
    ],
    [
      'iPhone',
      `2\n\nSent from my iPhone\n\n> On Nov 20, 2026, at 10:00, Clinic <hello@clinic.example> wrote:\n>\n${quoted}`,
      '2',
    ],
    ['iPhone in Arabic', `٢\n\nأُرسلت من الـ iPhone\n\n${quoted}`, '٢'],
    ['Thunderbird', `1\n\nOn 20/11/2026 10:00, Clinic wrote:\n${quoted}\n`, '1'],
    [
      'Outlook',
      '1\n\n________________________________\nFrom: Clinic <hello@clinic.example>\nSent: Friday, November 20, 2026 10:00\nTo: Ada <ada@home.example>\nSubject: Your visit\n\nWill you come?',
      '1',
    ],
    [
      'Outlook without a rule',
      '1\n\nFrom: Clinic <hello@clinic.example>\nSent: Friday, November 20, 2026 10:00\nTo: Ada\nSubject: Your visit\n\nWill you come?',
      '1',
    ],
    [
      'Outlook in Arabic',
      '١\n\nمن: العيادة <hello@clinic.example>\nتم الإرسال: الجمعة، 20 نوفمبر 2026 10:00 ص\nإلى: Ada\nالموضوع: موعدك\n\nهل ستحضر؟',
      '١',
    ],
    [
      'Outlook in Hindi',
      '1\n\nप्रेषक: Clinic <hello@clinic.example>\nभेजा गया: शुक्रवार, 20 नवंबर 2026 10:00\nप्रति: Ada\nविषय: Visit\n\nक्या आप आएंगे?',
      '1',
    ],
    ['Outlook, old', '1\r\n\r\n-----Original Message-----\r\nFrom: Clinic\r\nWill you come?', '1'],
    [
      'Outlook on a phone',
      '1\n\nGet Outlook for Android<https://aka.ms/x>\n________________________________\nFrom: Clinic <hello@clinic.example>\nSent: Friday, 20 November 2026 10:00\nTo: Ada\n\nWill you come?',
      '1',
    ],
    ['Samsung in Arabic', '1\n\n-------- رسالة أصلية --------\nمن: Clinic\nهل ستحضر؟', '1'],
    [
      'Yahoo',
      '1\n\n    On Friday, November 20, 2026 at 10:00:00 AM GMT+3, Clinic <hello@clinic.example> wrote:  \n \n Will you come?',
      '1',
    ],
    ['a signature', 'See you then.\n\n-- \nAda\n+1 555 010 0001', 'See you then.'],
    ['an answer below', `On 20/11/2026 10:00, Clinic wrote:\n${quoted}\n\n1\n`, '1'],
    [
      'answers between the lines',
      `> Will you come?\nYes.\n> Alone?\nNo, with my son.`,
      'Yes.\nNo, with my son.',
    ],
  ])('%s', (_program, text, wanted) => {
    expect(newPart(text)).toBe(wanted)
  })

  it.each<[string, string]>([
    ['a plain text', 'one\ntwo\n\nthree'],
    ['a list of facts', 'Name: Ada\nBorn: 1980\nMail: ada@home.example\nI need a visit.'],
    ['a sentence that ends in a colon', 'In 2026 I took these:\nAspirin\nIbuprofen'],
    ['a dash', 'Tomorrow - if I can -- I come.'],
    [
      'a forwarded message',
      'See below.\n\n---------- Forwarded message ---------\nFrom: Lab <lab@home.example>\nDate: Fri, 20 Nov 2026\nSubject: Results\n\nAll well.',
    ],
    ['an arrow', 'A -> B'],
  ])('of %s is all of it', (_what, text) => {
    expect(newPart(text)).toBe(text)
  })

  it('is everything where nothing else would be left', () => {
    expect(newPart(quoted)).toBe(quoted)
    expect(newPart('-- \nAda')).toBe('-- \nAda')
    expect(newPart('Sent from my iPhone')).toBe('Sent from my iPhone')
  })

  it('is found in any text, and soon', () => {
    const pieces = [
      '>',
      '\n',
      ':',
      '2026',
      'a@b.example',
      'wrote',
      '-- ',
      ' ',
      'On',
      '_'.repeat(9),
      'From:',
      'من:',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
        const text = parts.join('')
        expect(newPart(text) === '').toBe(text.trim() === '')
      }),
    )
    for (const piece of ['2026 a@b.example\n', '>\na\n', '_________\n', 'From: a@b\n', '-- \n', '\n'])
      expect(newPart(piece.repeat(100_000)).length).toBeLessThan(100_001)
  })
})

describe('the words of an HTML mail', () => {
  it.each<[string, string, string]>([
    ['paragraphs and breaks', '<p>one<br>two</p><p>three</p>', 'one\ntwo\n\nthree'],
    ['blocks of Outlook', '<div><div>one</div></div><div><br></div><div>two</div>', 'one\n\ntwo'],
    ['entities', '<div>a &lt;b&gt; &amp; &#1587;&#x627; &nbsp;c &unknown;</div>', 'a <b> & سا  c &unknown;'],
    [
      'what is not shown',
      '<html><head><title>t</title><style>p{}</style></head><body>yes<!-- no --><script>no</script></body></html>',
      'yes',
    ],
    ['conditional comments', '<!--[if gte mso 9]><xml>no</xml><![endif]-->yes<![endif]>', 'yes'],
    ['a comment without an end', 'yes<!-- no', 'yes'],
    ['a quote', '<div>1</div><blockquote>Will you<br>come?</blockquote>', '1\n\n> Will you\n> come?'],
    ['a smaller sign', '1 < 2', '1 < 2'],
  ])('%s', (_what, html, wanted) => {
    expect(htmlToText(html)).toBe(wanted)
  })

  it('keeps the answer apart from the quote, as Gmail and Outlook write them', () => {
    const gmail =
      '<div dir="rtl">١</div><br><div class="gmail_quote"><div dir="rtl" class="gmail_attr">في الجمعة، 20 نوفمبر 2026 كتب العيادة &lt;<a href="mailto:hello@clinic.example">hello@clinic.example</a>&gt;:<br></div><blockquote class="gmail_quote"><div>هل ستحضر؟</div></blockquote></div>'
    expect(newPart(htmlToText(gmail))).toBe('١')
    const outlook =
      '<html><body><p class="MsoNormal">1<o:p></o:p></p><div id="divRplyFwdMsg"><hr><font><b>From:</b> Clinic &lt;hello@clinic.example&gt;<br><b>Sent:</b> Friday, November 20, 2026 10:00 AM<br><b>To:</b> Ada<br><b>Subject:</b> Visit</font></div><p>Will you come?</p></body></html>'
    expect(newPart(htmlToText(outlook))).toBe('1')
  })

  it.each([
    '<!--',
    '<',
    '<div',
    '&',
    '<blockquote>',
    '</blockquote>',
    '<p>',
    '<title>',
  ])('comes soon also from a hundred thousand times %s', (piece) => {
    expect(htmlToText(piece.repeat(100_000)).length).toBeLessThan(1_000_000)
  })
})
