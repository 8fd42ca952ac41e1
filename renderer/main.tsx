import '@fontsource-variable/inter/wght.css'
import './app/styles.css'
import { createRoot } from 'react-dom/client'
import { App } from './app/app'
import { keepPaperLight } from './app/light-on-paper'
import { prefetchPages } from './app/pages'
import { createServices } from './app/services'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

keepPaperLight()
const services = createServices()
services.session.restore()
// Where the overview would lead, spared the drawing of a page that goes away at once.
const { status } = services.session.get()
if (status === 'signed-out' && location.pathname === '/') history.replaceState(null, '', '/sign-in')
createRoot(root).render(<App services={services} />)

// For who is signed in, and who is about to be. The sign-in form needs none of it, and may stay open for days.
const prefetch = () => requestIdleCallback(prefetchPages)
window.addEventListener('load', () => services.session.get().status === 'restoring' && prefetch())
window.addEventListener('input', prefetch, { once: true })
services.session.subscribe(() => services.session.get().status === 'signed-in' && prefetch())
