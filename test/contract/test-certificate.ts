/**
 * A certificate for tests: self-signed, for `localhost`, made anew in each run, so that no private key lies in the repository.
 * Node can read certificates but not write them, hence the few lines of DER.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface TestCertificate {
  /** PEM. */
  certificate: string
  privateKey: KeyObject
}

/** `until` as certificates write it; long ago makes it an expired one. */
export function makeTestCertificate(until = '490101000000Z'): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const algorithm = sequence(oid('2a864886f70d01010b'), der(0x05))
  const name = sequence(set(sequence(oid('550403'), der(0x0c, Buffer.from('localhost')))))
  const validity = sequence(utc('200101000000Z'), utc(until))
  const localhost = sequence(der(0x82, Buffer.from('localhost')))
  const extensions = sequence(sequence(oid('551d11'), der(0x04, localhost)))
  const body = sequence(
    ...[der(0xa0, integer(2)), integer(1), algorithm, name, validity, name],
    ...[publicKey.export({ type: 'spki', format: 'der' }), der(0xa3, extensions)],
  )
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]))
  return { certificate: pem(sequence(body, algorithm, signature)), privateKey }
}

function der(tag: number, content: Buffer = Buffer.alloc(0)): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function set(content: Buffer): Buffer {
  return der(0x31, content)
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

function integer(value: number): Buffer {
  return der(0x02, Buffer.from([value]))
}

function utc(text: string): Buffer {
  return der(0x17, Buffer.from(text))
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
