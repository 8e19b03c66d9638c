/** The companies we can send through. Adding one is a file, a line here, fixtures and a test. */
import type { Provider } from './provider.ts'
import { sandbox } from './sandbox.ts'

/** Each checks its credentials by its own schema before they are used. */
export const providers: readonly Provider[] = [sandbox]
