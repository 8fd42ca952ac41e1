const COMMAND = /^[a-z][a-z-]*$/ // and so no path, no address and no switch
const OPTIONS = ['-h', '--help', '-V', '--version', '--json', '--data-folder', '--database']

/** Whether a program that is called with these words is to run a command, and not to open the app. */
export function isCommand([first = '']: string[]): boolean {
  return COMMAND.test(first) || OPTIONS.includes(first.split('=')[0] ?? '')
}
