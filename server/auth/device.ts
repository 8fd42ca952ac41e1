const PROGRAMS: [RegExp, string][] = [
  [/\bAureliusCommandLine\//, 'Aurelius command line'],
  [/\bAurelius\//, 'Aurelius'],
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrom(e|ium)\//, 'Chrome'],
  [/\bVersion\/.*Safari\//, 'Safari'],
  [/^python-requests\/|^python-httpx\/|^Python-urllib\/|\baiohttp\//i, 'Python'],
  [/^curl\//, 'curl'],
  [/^(node|undici|axios)\b/i, 'Node.js'],
]
const SYSTEMS: [RegExp, string][] = [
  [/\bWindows\b/, 'Windows'],
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

/** What a person would call the device behind a User-Agent header: "Firefox on Linux", "Python", "Unknown device". */
export function describeDevice(userAgent: string): string {
  const find = (names: [RegExp, string][]) => names.find(([pattern]) => pattern.test(userAgent))?.[1]
  const program = find(PROGRAMS)
  const system = find(SYSTEMS)
  if (program && system) return `${program} on ${system}`
  return program ?? system ?? 'Unknown device'
}
