import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { mostRows, readRows } from '../../src/compose/commands/bulk-rows.ts'
import { parseCsv } from '../../src/compose/commands/csv.ts'
import { runCommand } from '../../src/compose/commands/run-command.ts'
import { UsageError } from '../../src/compose/commands/usage.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { patient, permit } from '../flows/chart.ts'

const fieldsOf = (text: string) => parseCsv(text)?.map(({ fields }) => fields)

describe('a CSV file', () => {
  it.each<[string, string, string[][]]>([
    [
      'rows',
      'to,name\nPatient/1,Amal\n',
      [
        ['to', 'name'],
        ['Patient/1', 'Amal'],
      ],
    ],
    ['no last line end', 'to\nx', [['to'], ['x']]],
    [
      'a mark and line ends of Windows',
      '\uFEFFto,a\r\nx,y\r\n',
      [
        ['to', 'a'],
        ['x', 'y'],
      ],
    ],
    [
      'quotes',
      'to,a\nx,"one, ""two""\nthree"\n',
      [
        ['to', 'a'],
        ['x', 'one, "two"\nthree'],
      ],
    ],
    [
      'empty fields',
      'to,a,b\nx,,\n',
      [
        ['to', 'a', 'b'],
        ['x', '', ''],
      ],
    ],
    [
      'an empty last field without a line end',
      'to,a\nx,',
      [
        ['to', 'a'],
        ['x', ''],
      ],
    ],
    ['empty lines', 'to\n\nx\n\n', [['to'], ['x']]],
    [
      'semicolons',
      'to;a\nx;1,5\n',
      [
        ['to', 'a'],
        ['x', '1,5'],
      ],
    ],
    [
      'Arabic',
      'to,الاسم\nx,سارة\n',
      [
        ['to', 'الاسم'],
        ['x', 'سارة'],
      ],
    ],
    ['nothing', '', []],
  ])('is read with %s', (_what, text, expected) => {
    expect(fieldsOf(text)).toEqual(expected)
  })

  it('with a quote that is not closed, or not where it should be, is refused', () => {
    expect(parseCsv('to,a\nx,"open\n')).toBeUndefined()
    expect(parseCsv('to,a\nx,"open"ed\n')).toBeUndefined()
  })

  it('tells on which line a row begins, also after a field of several lines', () => {
    const rows = parseCsv('to,a\nx,"1\n2"\n\ny,3\n')
    expect(rows?.map(({ line }) => line)).toEqual([1, 2, 5])
  })

  it('comes back as it was written, whatever its fields hold', () => {
    const field = fc.string({ unit: 'binary' }).filter((text) => text !== '' && !text.includes('\r'))
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1 }))
    fc.assert(
      fc.property(table, (rows) => {
        const quoted = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
        expect(fieldsOf(`${quoted.join('\n')}\n`)).toEqual(rows)
      }),
    )
  })
})

describe('the rows of a bulk file', () => {
  it('are recipients with values of their own', () => {
    expect(readRows('rows.csv', 'ward,to,place\nA,Patient/1,\nB,Patient/2,Room 5\n')).toEqual([
      { line: 2, to: 'Patient/1', parameters: { ward: 'A' } },
      { line: 3, to: 'Patient/2', parameters: { ward: 'B', place: 'Room 5' } },
    ])
    const lines = '{"to":"Patient/1","place":"Room 5"}\n\n{"to":"Patient/2","parameters":{"place":"B"}}\n'
    expect(readRows('rows.jsonl', lines)).toEqual([
      { line: 1, to: 'Patient/1', parameters: { place: 'Room 5' } },
      { line: 3, to: 'Patient/2', parameters: { place: 'B' } },
    ])
  })

  it.each<[string, string, string, RegExp]>([
    ['no column to', 'rows.csv', 'patient\nx\n', /one of them to/],
    ['no rows', 'rows.csv', 'to,a\n', /no rows/],
    ['a row too short', 'rows.csv', 'to,a\nx,1\ny\n', /Line 3 has 1 fields, but the header names 2/],
    ['a quote left open', 'rows.csv', 'to\n"x\n', /not CSV/],
    ['half an object', 'rows.jsonl', '{"to":"x"}\n{"to":', /Line 2 is not a JSON object/],
    ['a list', 'rows.jsonl', '["x"]\n', /Line 1 is not a JSON object/],
    ['nobody', 'rows.jsonl', '{"name":"x"}\n', /Line 1 does not say to whom/],
    ['a value that is no text', 'rows.jsonl', '{"to":"x","n":5}\n', /Line 1 has a value that is not a text/],
    ['too many rows', 'rows.csv', `to\n${'x\n'.repeat(mostRows + 1)}`, /at most 10000/],
  ])('with %s are refused by line', (_what, name, text, says) => {
    expect(() => readRows(name, text)).toThrow(says)
    expect(() => readRows(name, text)).toThrow(UsageError)
  })
})

describe('qasid bulk', () => {
  let world: FakeWorld
  beforeEach(async () => {
    world = await createWorld()
    for (const id of ['p1', 'p2', 'p3']) {
      const value = `+97150123456${id.slice(1)}`
      world.emr.put(patient({ id, telecom: [{ system: 'phone', value }] }))
      world.emr.put(permit('sms', { patient: id, address: value }))
    }
  })

  async function bulk(file: string, ...args: string[]) {
    const said: string[] = []
    const code = await runCommand('bulk', ['rows.csv', ...args], {
      openInstall: async () => ({ world: world.world, close: async () => {} }),
      readText: async () => file,
      readInput: async () => '',
      ...{ out: (line) => void said.push(line), err: (line) => void said.push(line) },
    })
    return { code, said }
  }

  const rows =
    'to,start,place\nPatient/p1,2026-11-22T06:00:00Z,Room 1\n+971501234562,2026-11-22T07:00:00Z,Room 2\n'
  const template = [
    '--template',
    'visit-reminder-confirmed',
    '--category',
    'conversation',
    '--channel',
    'sms',
  ]

  it('sends each row its own words', async () => {
    expect((await bulk(rows, ...template)).code).toBe(0)
    await world.settle()
    expect(world.carrier.ledger.map(({ text }) => text.match(/Room \d/)?.[0] ?? text)).toEqual([
      'Room 1',
      'Room 2',
    ])
  })

  it('writes nothing when one row is refused, and names its line', async () => {
    const { code, said } = await bulk(`${rows}Patient/p3,,Room 3\n`, ...template)
    expect([code, said]).toEqual([
      1,
      [
        'Nothing was written: 1 of 3 recipients are refused.',
        'line 4, Patient/p3: The template visit-reminder-confirmed needs a value for start.',
      ],
    ])
    const wrong = await bulk('to\nPatient/p1\n0501234563\n', '--text', 'Closed tomorrow.')
    expect(wrong.said[1]).toMatch(/^line 3: This is a number without its country/)
    expect(world.emr.all('CommunicationRequest')).toEqual([])
  })

  it('names both lines of who stands in it twice, with different values', async () => {
    const { said } = await bulk(`${rows}Patient/p1,2026-11-23T06:00:00Z,Room 3\n`, ...template)
    expect(said[1]).toMatch(/^line 2 and 4, Patient\/p1: This patient stands in the list twice/)
  })

  it('refuses columns that the template does not know, or that no template reads', async () => {
    const odd = await bulk('to,start,note\nPatient/p1,2026-11-22T06:00:00Z,x\n', ...template)
    expect([odd.code, odd.said]).toEqual([
      1,
      [expect.stringMatching(/knows no value note; it knows: start, /)],
    ])
    const text = await bulk('to,place\nPatient/p1,Room 1\n', '--text', 'Closed tomorrow.')
    expect([text.code, text.said]).toEqual([
      2,
      [expect.stringMatching(/^The file has values \(place\), which only a template takes: name one with/)],
    ])
    expect(world.emr.all('CommunicationRequest')).toEqual([])
  })

  it('run again with the same file writes nothing twice, and says how to', async () => {
    await bulk(rows, ...template)
    const again = await bulk(rows, ...template)
    expect(again.said.at(-1)).toMatch(/give a --key/)
    expect(world.emr.all('CommunicationRequest')).toHaveLength(2)
    await bulk(rows, ...template, '--key', 'second time')
    expect(world.emr.all('CommunicationRequest')).toHaveLength(4)
  })
})
