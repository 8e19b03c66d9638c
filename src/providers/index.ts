/** The companies we can send through. Adding one is a file (or a folder), a line here, fixtures and a test. */
import { aws } from './aws/aws.ts'
import { meta } from './meta/meta.ts'
import type { Provider } from './provider.ts'
import { sandbox } from './sandbox.ts'
import { smtp } from './smtp/smtp.ts'
import { twilio } from './twilio/twilio.ts'
import { unifonic } from './unifonic/unifonic.ts'

/** Each checks its credentials by its own schema before they are used. */
export const providers: readonly Provider[] = [sandbox, twilio, meta, unifonic, aws, smtp]
