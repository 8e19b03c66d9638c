import { describe, expect, it } from 'vitest'
import { fileName, mayBeTaken, plainType, typeOfBytes } from '../../src/domain/file-type.ts'
import { fileKindOf } from '../../src/domain/outgoing.ts'

const bytes = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0))
const box = (brand: string) => `\0\0\0\u0018ftyp${brand}`

describe('the kind of a file', () => {
  it.each([
    ['application/pdf', 'document'],
    ['image/jpeg', 'image'],
    ['IMAGE/PNG', 'image'],
    ['image/jpg', 'image'],
    // no phone shows these as pictures
    ['image/svg+xml', 'document'],
    ['image/tiff', 'document'],
    ['application/dicom', 'document'],
    ['audio/ogg; codecs=opus', 'voice'],
    ['video/mp4', 'video'],
    ['', 'document'],
  ])('%s is %s', (contentType, kind) => {
    expect(fileKindOf(contentType)).toBe(kind)
  })
})

describe('a patient’s file', () => {
  it.each([
    ['application/pdf', true],
    ['image/webp', true],
    ['audio/ogg; codecs=opus', true],
    ['text/plain; charset=utf-8', true],
    ['application/octet-stream', true],
    ['image/svg+xml', false],
    ['text/html', false],
    ['application/zip', false],
    ['application/vnd.ms-word.document.macroEnabled.12', false],
    ['constructor', false],
    ['', false],
  ])('of type %s may be taken: %s', (contentType, taken) => {
    expect(mayBeTaken(contentType)).toBe(taken)
  })

  it.each([
    ['application/pdf', '%PDF-1.7'],
    ['application/pdf', 'junk before\n%PDF-1.7'],
    ['image/png', '\u0089PNG\r\n'],
    ['image/jpeg', '\u00ff\u00d8\u00ff\u00e0'],
    ['image/webp', 'RIFF\0\0\0\0WEBP'],
    ['image/gif', 'GIF89a'],
    ['audio/ogg', 'OggS'],
    ['video/mp4', box('isom')],
    ['audio/mp4', box('M4A ')],
    ['audio/aac', '\u00ff\u00f1\u0050'],
    ['audio/aac', '\u00ff\u00f9\u0050'],
    ['audio/aac', 'ADIF'],
    ['audio/aac', box('M4A ')],
    ['audio/wav', 'RIFF\0\0\0\0WAVE'],
    ['video/quicktime', box('qt  ')],
    ['video/quicktime', '\0\0\0\u0008wide\0\0\0\0mdat'],
    ['video/quicktime', '\0\0\u0001\0moov'],
    ['audio/mpeg', 'ID3\u0003'],
    ['audio/mpeg', '\u00ff\u00fb\u0090'],
    ['text/plain', 'Hello'],
  ])('that claims to be %s is believed by its first bytes only', (contentType, begins) => {
    expect(typeOfBytes(contentType, bytes(begins))).toBe(contentType)
    if (contentType !== 'text/plain') expect(typeOfBytes(contentType, bytes('<html>'))).toBeUndefined()
    expect(typeOfBytes(contentType, bytes('MZ\0\0'))).toBeUndefined()
    expect(typeOfBytes(contentType, bytes(''))).toBeUndefined()
  })

  it('of sound that is none is not believed', () => {
    expect(typeOfBytes('audio/aac', bytes('\u00ff\u00fb\u0090'))).toBeUndefined()
    expect(typeOfBytes('audio/wav', bytes('RIFF\0\0\0\0WEBP'))).toBeUndefined()
    expect(typeOfBytes('text/html', bytes('<html>'))).toBeUndefined()
  })

  it('that claims nothing is what its bytes say', () => {
    expect(typeOfBytes('application/octet-stream', bytes('%PDF-'))).toBe('application/pdf')
    expect(typeOfBytes('application/octet-stream', bytes('PK\u0003\u0004'))).toBeUndefined()
  })

  it('has one type, whatever stands after it', () => {
    expect(plainType(' Audio/OGG ; codecs=opus')).toBe('audio/ogg')
    expect(plainType('image/jpg')).toBe('image/jpeg')
  })
})

describe('the name of a file', () => {
  it.each([
    ['Blood test', 'application/pdf', 'Blood test.pdf'],
    ['letter.PDF', 'application/pdf', 'letter.PDF'],
    ['hand.jpeg', 'image/jpeg', 'hand.jpeg'],
    ['v1.2', 'application/pdf', 'v1.2.pdf'],
    [undefined, 'image/png', 'document.png'],
    ['../../etc/passwd', 'text/plain', 'etc passwd.txt'],
    ['a\r\nb"c', 'text/plain', 'a b c.txt'],
    ['scan', 'application/dicom', 'scan'],
    ['تقرير', 'application/pdf', 'تقرير.pdf'],
  ])('%s of %s is %s', (title, contentType, name) => {
    expect(fileName(title, contentType)).toBe(name)
  })
})
