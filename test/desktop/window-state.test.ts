import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { clampToDisplays, readWindowState, writeWindowState } from '../../main/window-state'

const laptop = { x: 0, y: 24, width: 1440, height: 876 }
const beside = { x: 1440, y: 0, width: 1920, height: 1080 }

test.each([
  ['stays where it was', { x: 100, y: 100, width: 800, height: 600 }, { x: 100, y: 100, width: 800, height: 600 }],
  [
    'stays on the second display',
    { x: 1500, y: 50, width: 800, height: 600 },
    { x: 1500, y: 50, width: 800, height: 600 },
  ],
  ['shrinks to the display', { x: 0, y: 24, width: 1920, height: 1200 }, { x: 0, y: 24, width: 1440, height: 876 }],
  ['comes back from the edge', { x: -300, y: 700, width: 800, height: 600 }, { x: 0, y: 300, width: 800, height: 600 }],
  ['grows to a usable size', { x: 200, y: 200, width: 130, height: 50 }, { x: 200, y: 200, width: 360, height: 480 }],
])('a window that was remembered %s', (_what, remembered, expected) => {
  expect(clampToDisplays(remembered, [laptop, beside])).toEqual(expected)
})

test('a window on a display that is gone is placed by the system', () => {
  expect(clampToDisplays({ x: 1500, y: 50, width: 800, height: 600 }, [laptop])).toBeNull()
})

test('what is written is read back, and leaves no draft behind', () => {
  const folder = temporaryFolder()
  const state = { bounds: { x: 1, y: 2, width: 800, height: 600 }, maximized: true }

  writeWindowState(join(folder, 'window.json'), state)

  expect(readWindowState(join(folder, 'window.json'))).toEqual(state)
  expect(readdirSync(folder)).toEqual(['window.json'])
})

test.each(['', '{', 'null', '[]', '{"bounds":{"x":"1"}}', '{"bounds":{"x":1,"y":2,"width":1e400,"height":3}}'])(
  'a damaged file means the default window: %s',
  (text) => {
    const file = join(temporaryFolder(), 'window.json')
    writeFileSync(file, text)

    expect(readWindowState(file)).toEqual({ bounds: null, maximized: false })
  },
)

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aurelius-window-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
