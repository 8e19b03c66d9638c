/*
 * Keeps a patient's chart fresh while it is open: an answer by phone shows without reloading. A panel in which somebody has
 * begun to change something is left alone.
 */
const panels = () => [...document.querySelectorAll('[data-live]')]

async function refresh() {
  const response = await fetch(location.pathname, { headers: { accept: 'text/html' } })
  if (!response.ok) return
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
  for (const panel of panels()) {
    const next = fresh.querySelector(`[data-live="${panel.dataset.live}"]`)
    if (
      !next ||
      'touched' in panel.dataset ||
      panel.contains(document.activeElement) ||
      panel.innerHTML === next.innerHTML
    )
      continue
    panel.innerHTML = next.innerHTML
  }
}

function markTouched({ target }) {
  const panel = target.closest('[data-live]')
  if (panel) panel.dataset.touched = ''
}

if (panels().length > 0) {
  document.addEventListener('input', markTouched)
  setInterval(() => document.visibilityState === 'visible' && refresh().catch(() => {}), 2000)
}
