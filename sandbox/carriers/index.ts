/** The companies that the sandbox imitates. Adding one is a file and a line here. */
import type { Wire } from '../phones/wire.ts'
import { meta } from './meta.ts'
import { sandbox } from './sandbox.ts'
import { createSmtpWire } from './smtp.ts'
import { twilio } from './twilio.ts'
import { unifonic } from './unifonic.ts'

export function createWires(): Wire[] {
  return [sandbox, twilio, meta, unifonic, createSmtpWire()]
}
