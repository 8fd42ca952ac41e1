export type Answer<Value> = { ok: true; value: Value } | { ok: false; reason: string }

/** The program's side of `startProgram`: starts when told, answers, and ends when asked or when the benchmark is gone. */
export function answerStart<Options, Value>(
  start: (options: Options) => Promise<{ value: Value; close?(): Promise<void> }>,
): void {
  const reply = (answer: Answer<Value>) => process.send?.(answer)
  process.once('message', async (options: Options) => {
    try {
      const { value, close } = await start(options)
      const stop = () => Promise.resolve(close?.()).finally(() => process.exit())
      process.once('SIGTERM', stop)
      process.once('disconnect', stop)
      reply({ ok: true, value })
    } catch (error) {
      reply({ ok: false, reason: error instanceof Error ? error.message : String(error) })
    }
  })
}
