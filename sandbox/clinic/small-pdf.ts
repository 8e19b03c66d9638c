/** A PDF of one page of plain text, small enough to be made in code and whole enough for every reader. Letters of Latin-1 only. */

/** A4, in points. */
const page = { width: 595, height: 842 }

export function smallPdf(title: string, lines: readonly string[]): Uint8Array {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${page.width} ${page.height}] /Contents 4 0 R
/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>`,
    stream(textOf(title, lines)),
    font('Helvetica'),
    font('Helvetica-Bold'),
    `<< /Title ${literal(title)} >>`,
  ]
  return latin1(assemble(objects))
}

function font(name: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`
}

function stream(content: string): string {
  return `<< /Length ${content.length} >>\nstream\n${content}\nendstream`
}

/** Each line begins below the last. */
function textOf(title: string, lines: readonly string[]): string {
  const shown = lines.map((line) => `${literal(line)} Tj T*`)
  return [
    'BT',
    '/F2 18 Tf 72 760 Td',
    `${literal(title)} Tj`,
    '/F1 11 Tf 16 TL 0 -32 Td',
    ...shown,
    'ET',
  ].join('\n')
}

function literal(text: string): string {
  return `(${text.replace(/[\\()]/g, '\\$&')})`
}

/** The table at the end says at which byte each object begins. */
function assemble(objects: readonly string[]): string {
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const at = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const entries = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  return `${file}xref
0 ${size}
0000000000 65535 f \n${entries}trailer
<< /Size ${size} /Root 1 0 R /Info ${objects.length} 0 R >>
startxref
${file.length}
%%EOF
`
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
