import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { BrowserRouter, Outlet, Route, Routes, useLocation } from 'react-router'
import { FirstRunPage } from '../auth/first-run-page'
import { FirstRunOnly, GuestsOnly, Protected } from '../auth/protected'
import { SignInPage } from '../auth/sign-in-page'
import { SignUpPage } from '../auth/sign-up-page'
import { WithScope } from '../auth/with-scope'
import { Crash } from '../ui/crash'
import { FirstLocation } from '../ui/page'
import { ConnectionBanner } from './connection-banner'
import { Frame } from './frame'
import { NotFoundPage } from './not-found-page'
import {
  AuditPage,
  BacktestPage,
  ComparePage,
  ConfirmEmailPage,
  ForgotPasswordPage,
  HomePage,
  ImportPage,
  InvitationsPage,
  KeysPage,
  PeoplePage,
  PoliciesPage,
  PolicyPage,
  ProfilePage,
  ReportPage,
  ResetPasswordPage,
  RolesPage,
  SecondFactorPage,
  ServerPage,
  StrategiesPage,
  StrategyGatePage,
  StrategyPage,
  ValidationPage,
} from './pages'
import { type Services, ServicesContext } from './services'
import { theme } from './theme'

// The same key as in public/color-scheme.js.
const colorScheme = localStorageColorSchemeManager({ key: 'aurelius-color-scheme' })
const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? ''

export function App({ services }: { services: Services }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorScheme}
      getStyleNonce={() => nonce}
    >
      <Crash>
        <ServicesContext value={services}>
          <QueryClientProvider client={services.queries}>
            <BrowserRouter>
              <ConnectionBanner />
              <Pages />
            </BrowserRouter>
          </QueryClientProvider>
        </ServicesContext>
      </Crash>
    </MantineProvider>
  )
}

function Pages() {
  const { key } = useLocation()
  const [firstKey] = useState(key)

  return (
    <FirstLocation value={firstKey}>
      <Routes>
        <Route element={<GuestsOnly />}>
          <Route element={<FirstRunOnly expected={false} />}>
            <Route path="/sign-in" element={<SignInPage />} />
          </Route>
          <Route element={<FirstRunOnly expected={true} />}>
            <Route path="/first-run" element={<FirstRunPage />} />
          </Route>
          <Route path="/sign-up" element={<SignUpPage />} />
        </Route>
        <Route element={<WhenLoaded />}>
          <Route path="/confirm-email" element={<ConfirmEmailPage />} />
          <Route path="/reset-password" element={<ResetPasswordPage />} />
          <Route element={<GuestsOnly />}>
            <Route path="/forgot-password" element={<ForgotPasswordPage />} />
          </Route>
        </Route>
        <Route element={<Frame />}>
          <Route element={<Protected />}>
            <Route path="/" element={<HomePage />} />
            <Route path="/strategies" element={<StrategiesPage />} />
            <Route path="/strategies/:id" element={<StrategyPage />} />
            <Route path="/strategies/:id/gates/:gate" element={<StrategyGatePage />} />
            <Route path="/backtests/:id" element={<BacktestPage />} />
            <Route path="/validations/:id" element={<ValidationPage />} />
            <Route path="/compare" element={<ComparePage />} />
            <Route path="/import" element={<ImportPage />} />
            <Route path="/strategies/:id/report" element={<ReportPage />} />
            <Route path="/gates" element={<PoliciesPage />} />
            <Route path="/gates/:gate" element={<PolicyPage />} />
            <Route path="/profile" element={<ProfilePage />} />
            <Route path="/keys" element={<KeysPage />} />
            <Route element={<WithScope scope="users:manage" />}>
              <Route path="/admin" element={<PeoplePage />} />
              <Route path="/admin/invitations" element={<InvitationsPage />} />
              <Route path="/admin/roles" element={<RolesPage />} />
              <Route path="/admin/second-factor" element={<SecondFactorPage />} />
            </Route>
            <Route element={<WithScope scope="audit:read" />}>
              <Route path="/admin/audit" element={<AuditPage />} />
            </Route>
            <Route element={<WithScope scope="server:manage" />}>
              <Route path="/admin/server" element={<ServerPage />} />
            </Route>
          </Route>
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </FirstLocation>
  )
}

/** Nothing for the moment in which the code of a page comes from this computer. */
function WhenLoaded() {
  return (
    <Suspense fallback={null}>
      <Outlet />
    </Suspense>
  )
}
