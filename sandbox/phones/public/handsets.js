/** Keeps the list of phones fresh: at every message the page asks for itself again and takes the new list. */
const cards = document.getElementById('cards')
let isAsking = false
let isStale = false

async function refresh() {
  isStale = true
  if (isAsking) return
  isAsking = true
  while (isStale) {
    isStale = false
    const page = await fetch('/').then((answer) => answer.text())
    const fresh = new DOMParser().parseFromString(page, 'text/html').getElementById('cards')
    if (fresh) cards?.replaceChildren(...fresh.childNodes)
  }
  isAsking = false
}

const live = new EventSource('/live')
live.onmessage = refresh
// What came while the line was down.
live.onopen = refresh
