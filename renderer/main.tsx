import '@fontsource-variable/inter/wght.css'
import './app/styles.css'
import { createRoot } from 'react-dom/client'
import { App } from './app/app'
import { prefetchPages } from './app/pages'
import { createServices } from './app/services'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

const services = createServices()
createRoot(root).render(<App services={services} />)
services.session.restore()
window.addEventListener('load', () => requestIdleCallback(prefetchPages))
