// Runs before the first paint, so that a dark window never flashes white. A file of its own: scripts in line are forbidden.
;(function () {
  var chosen = 'system'
  try {
    chosen = localStorage.getItem('palate.theme') || 'system'
  } catch {
    // Storage may be blocked; the system's theme is a fair answer then.
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.add(dark ? 'dark' : 'light')
})()
