/** One phone: puts new and changed bubbles into the thread as they come, and sends what is typed. */
const thread = document.getElementById('thread')
const form = document.getElementById('reply')
const text = document.getElementById('text')
const channel = document.getElementById('channel')
const quicks = document.getElementById('quicks')
const trouble = document.getElementById('trouble')
const line = document.getElementById('live')
const address = encodeURIComponent(form.dataset.address)

function toBottom() {
  thread.scrollTop = thread.scrollHeight
}

function show(message) {
  const wasAtBottom = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80
  const fresh = document.createRange().createContextualFragment(message.bubble).firstElementChild
  const known = document.getElementById(message.id)
  document.getElementById('empty')?.remove()
  if (known) {
    known.replaceWith(fresh)
  } else {
    thread.append(fresh)
    channel.value = fresh.dataset.channel
  }
  quicks.innerHTML = message.quick
  if (wasAtBottom) toBottom()
}

async function send(words) {
  trouble.textContent = ''
  const answer = await fetch(`/api/phones/${address}/replies`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ channel: channel.value, text: words }),
  }).catch(() => undefined)
  if (answer?.ok) return true
  const refusal = await answer?.json().catch(() => undefined)
  trouble.textContent = refusal?.message ?? 'The phone network is not there. Is the sandbox running?'
  return false
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const words = text.value.trim()
  if (words && (await send(words))) text.value = ''
  text.focus()
})

text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  form.requestSubmit()
})

quicks.addEventListener('click', (event) => {
  const words = event.target.closest('[data-quick]')?.dataset.quick
  if (words) send(words)
})

let wasConnected = false
const live = new EventSource(`/live/${address}`)
live.onmessage = (event) => show(JSON.parse(event.data))
live.onopen = () => {
  // What came while the line was down is in a fresh page.
  if (wasConnected) location.reload()
  wasConnected = true
  line.textContent = 'online'
}
live.onerror = () => {
  line.textContent = 'no signal'
}
toBottom()
