/** How the states of the engine stand in FHIR's own: tables that no definition holds. */

export interface StateTable {
  heads: string[]
  rows: string[][]
}

export const stateTables: Record<string, StateTable | undefined> = {
  'message-request': {
    heads: ['status', 'means', 'what follows'],
    rows: [
      ['`draft`', 'written, awaits approval', 'somebody makes it active'],
      ['`active`', 'planned, due, or waiting for a better moment', 'it is judged when it is due'],
      ['`on-hold`', 'paused with its campaign', 'it is resumed or revoked'],
      ['`completed`', 'handed over, or told by the reminder of another visit', 'nothing'],
      ['`revoked`', 'will not be sent; the reason says why', 'nothing, unless staff begin it again'],
      ['`entered-in-error`', 'should never have been', 'nothing'],
    ],
  },
  'message-attempt': {
    heads: ['what happened', 'status', 'delivery state', 'reason'],
    rows: [
      ['claimed, or waiting to be called again', '`preparation`', '`claimed`', ''],
      ['the provider took it', '`in-progress`', '`queued`, then `sent`', ''],
      ['delivered', '`completed`, with `received`', '`delivered`', ''],
      ['read', '`completed`, with `readAt`', '`read`', ''],
      [
        'a mail relay took it, and nothing more can be known',
        '`completed`, never with `received`',
        '`relay-accepted`',
        '',
      ],
      ['refused, or given up after it was handed over', '`stopped`', '`failed`, `undelivered`', 'why'],
      ['never sent', '`not-done`', '`not-sent`', "why; HL7's word beside ours"],
      ['the answer, or the receipt, was never seen', '`unknown`', '`unknown`', '`no-answer`, `no-receipt`'],
    ],
  },
}
