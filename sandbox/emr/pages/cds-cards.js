/*
 * Asks for advice when a chart is opened, and again whenever the form in which the cards stand has changed. The chart is
 * there first; advice that does not come leaves its place empty.
 */
const wait = 250

async function fill(place) {
  const form = place.closest('form')
  const query = form ? `?${new URLSearchParams(new FormData(form))}` : ''
  const asked = `${place.dataset.cards}${query}`
  place.dataset.asked = asked
  const response = await fetch(asked, { headers: { accept: 'text/html' } })
  // Of two questions the later one is shown.
  if (response.ok && place.dataset.asked === asked) place.innerHTML = await response.text()
}

for (const place of document.querySelectorAll('[data-cards]')) {
  const ask = () => fill(place).catch(() => {})
  let timer
  place.closest('form')?.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(ask, wait)
  })
  ask()
}
