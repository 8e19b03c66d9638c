/**
 * `--to -` and `--text -`: from standard input, where no list of processes shows a number or what is said. One recipient
 * per line; where both come that way, the first line is the recipient and the rest is the text.
 */
import { type Given, textOf, textsOf, UsageError } from './usage.ts'

export async function withInput(given: Given, readInput: () => Promise<string>): Promise<Given> {
  const [to, text] = [textsOf(given, 'to').includes('-'), textOf(given, 'text') === '-']
  if (!to && !text) return given
  const input = (await readInput()).replace(/\r\n/g, '\n').replace(/\n+$/, '')
  const lines = input.split('\n')
  const recipients = (text ? lines.slice(0, 1) : lines).map((line) => line.trim()).filter(Boolean)
  const said = to ? lines.slice(1).join('\n') : input
  if ((to && recipients.length === 0) || (text && said.trim() === ''))
    throw new UsageError('Standard input lacks what the - stands for.')
  const named = textsOf(given, 'to').flatMap((one) => (one === '-' ? recipients : one))
  return { ...given, values: { ...given.values, ...(to && { to: named }), ...(text && { text: said }) } }
}
