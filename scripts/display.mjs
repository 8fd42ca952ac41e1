/** Whether a window can be shown: only Linux has machines without a desktop that still run this. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}
