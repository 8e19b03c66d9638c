/** Waits until an address answers 200, a part has fallen, or somebody has had enough. */

const asksEvery = 200
const patience = 120_000

export async function until(
  url: string,
  name: string,
  { fell, signal }: { fell: Promise<string>; signal: AbortSignal },
): Promise<void> {
  let fallen: string | undefined
  void fell.then((because) => {
    fallen = because
  })
  const deadline = Date.now() + patience
  for (;;) {
    signal.throwIfAborted()
    if (fallen) throw new Error(fallen)
    const answer = await fetch(url, { signal }).catch(() => undefined)
    if (answer?.ok) return
    if (Date.now() > deadline)
      throw new Error(`${name} is not ready after two minutes: ${(await answer?.text()) ?? 'no answer'}`)
    await new Promise((resolve) => setTimeout(resolve, asksEvery))
  }
}
