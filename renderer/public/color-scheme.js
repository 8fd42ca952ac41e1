// Runs before the first paint, so that a remembered dark theme never flashes white.
;(() => {
  let choice = null
  try {
    choice = localStorage.getItem('aurelius-color-scheme')
  } catch {
    // Storage may be blocked; the system's scheme then applies.
  }
  const isDark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light')
})()
