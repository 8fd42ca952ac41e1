/** What a run is called on this page, in the order of the runs: a letter is told from another without colours. */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index)
}
