/** Paper is white, whatever theme the window has. Called before anything is shown, so that charts are told after it. */
export function keepPaperLight(): void {
  const { documentElement: root } = document
  let scheme = root.dataset.mantineColorScheme
  window.addEventListener('beforeprint', () => {
    scheme = root.dataset.mantineColorScheme
    root.dataset.mantineColorScheme = 'light'
  })
  window.addEventListener('afterprint', () => {
    root.dataset.mantineColorScheme = scheme
  })
}
