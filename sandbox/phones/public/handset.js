/** One phone: puts new and changed bubbles into the thread as they come, and sends what is typed. */
const thread = document.getElementById('thread')
const form = document.getElementById('reply')
const text = document.getElementById('text')
const channel = document.getElementById('channel')
const quicks = document.getElementById('quicks')
const trouble = document.getElementById('trouble')
const file = document.getElementById('file')
const attach = document.getElementById('attach')
const attached = document.getElementById('attached')
const attachedName = document.getElementById('attached-name')
const line = document.getElementById('live')
const address = encodeURIComponent(form.dataset.address)

function toBottom() {
  thread.scrollTop = thread.scrollHeight
}

let isAtBottom = true
thread.addEventListener('scroll', () => {
  isAtBottom = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80
})
// A picture has its height only once it is here.
thread.addEventListener('load', () => isAtBottom && toBottom(), true)

function show(message) {
  const wasAtBottom = isAtBottom
  const fresh = document.createRange().createContextualFragment(message.bubble).firstElementChild
  const known = document.getElementById(message.id)
  document.getElementById('empty')?.remove()
  if (known) {
    known.replaceWith(fresh)
  } else {
    thread.append(fresh)
    channel.value = fresh.dataset.channel
    showChosen()
  }
  quicks.innerHTML = message.quick
  if (wasAtBottom) toBottom()
}

async function send(said) {
  trouble.textContent = ''
  const answer = await fetch(`/api/phones/${address}/replies`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(said),
  }).catch(() => undefined)
  if (answer?.ok) return true
  const refusal = await answer?.json().catch(() => undefined)
  trouble.textContent = refusal?.message ?? 'The phone network is not there. Is the sandbox running?'
  return false
}

function chosenFile() {
  return channel.value === 'sms' ? undefined : file.files[0]
}

function showChosen() {
  const chosen = chosenFile()
  attached.hidden = !chosen
  attachedName.textContent = chosen?.name ?? ''
  attach.disabled = channel.value === 'sms'
  if (isAtBottom) toBottom()
}

function leaveOut() {
  file.value = ''
  showChosen()
}

/** The part of a data URL after the comma. */
function inBase64(chosen) {
  return new Promise((resolve) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.readAsDataURL(chosen)
  })
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const words = text.value.trim()
  const chosen = chosenFile()
  if (!words && !chosen) return text.focus()
  const said = { channel: channel.value, text: words }
  if (chosen)
    said.file = {
      name: chosen.name,
      contentType: chosen.type || 'application/octet-stream',
      base64: await inBase64(chosen),
    }
  if (await send(said)) {
    text.value = ''
    leaveOut()
  }
  text.focus()
})

attach.addEventListener('click', () => file.click())
file.addEventListener('change', showChosen)
channel.addEventListener('change', showChosen)
document.getElementById('detach').addEventListener('click', leaveOut)

thread.addEventListener('click', (event) => {
  const button = event.target.closest('[data-react]')
  if (!button) return
  const reaction = { emoji: button.dataset.emoji, toMessage: button.dataset.react }
  send({ channel: 'whatsapp', reaction })
})

text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  form.requestSubmit()
})

quicks.addEventListener('click', (event) => {
  const words = event.target.closest('[data-quick]')?.dataset.quick
  if (words) send({ channel: channel.value, text: words })
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
showChosen()
