import { readFileSync } from 'node:fs'
import type { Rectangle } from 'electron'
import { writeWhole } from './write-whole'

export interface WindowState {
  /** `null`: never placed, the system chooses. */
  bounds: Rectangle | null
  maximized: boolean
}

export const DEFAULT_SIZE = { width: 1280, height: 840 }
export const MINIMUM_SIZE = { width: 360, height: 480 }
const REACHABLE = { width: 120, height: 40 } // enough of the title bar to grab the window by

/** A file that is missing or damaged means a window in its default place, not a failed start. */
export function readWindowState(file: string): WindowState {
  try {
    const { bounds, maximized } = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowState>
    return { bounds: isRectangle(bounds) ? bounds : null, maximized: maximized === true }
  } catch {
    return { bounds: null, maximized: false }
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  writeWhole(file, JSON.stringify(state))
}

/** Keeps a remembered window where it can be seen; `null` when the display it was on is gone. */
export function clampToDisplays(bounds: Rectangle, workAreas: Rectangle[]): Rectangle | null {
  const area = workAreas.find((candidate) => {
    const shared = overlap(bounds, candidate)
    return shared.width >= REACHABLE.width && shared.height >= REACHABLE.height
  })
  if (!area) return null
  const width = Math.min(Math.max(bounds.width, MINIMUM_SIZE.width), area.width)
  const height = Math.min(Math.max(bounds.height, MINIMUM_SIZE.height), area.height)
  return {
    x: Math.min(Math.max(bounds.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(bounds.y, area.y), area.y + area.height - height),
    width,
    height,
  }
}

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  }
}

function isRectangle(value: unknown): value is Rectangle {
  const { x, y, width, height } = (value ?? {}) as Partial<Rectangle>
  return [x, y, width, height].every(Number.isInteger)
}
